@{
    RootModule = 'TargetProfiles.psm1'
    ModuleVersion = '0.1.0'
    GUID = 'b7c7a1b4-3d0f-4f0e-9a5e-6f1d0a7b6c52'
    Author = 'TargetProfiles contributors'
    CompanyName = 'TargetProfiles contributors'
    Copyright = '(c) TargetProfiles contributors. Apache-2.0.'
    Description = 'Sends visitor profile data (CRM, point of sale, call centre) to Adobe Target through its Profile APIs: validated, split, throttled and accounted for row by row. Includes a local emulator to try everything without Adobe.'
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Core', 'Desktop')
    FormatsToProcess = @('TargetProfiles.Format.ps1xml')
    TypesToProcess = @('TargetProfiles.Types.ps1xml')
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
    CmdletsToExport = @(
        'Compare-TargetProfile'
        'Connect-TargetService'
        'Disconnect-TargetService'
        'Export-TargetProfileReport'
        'Get-TargetBatchStatus'
        'Get-TargetConnection'
        'Get-TargetEmulator'
        'Get-TargetProfile'
        'Get-TargetProfileBatch'
        'Get-TargetProfileToken'
        'New-TargetProfileToken'
        'Send-TargetProfileBatch'
        'Set-TargetProfile'
        'Start-TargetEmulator'
        'Stop-TargetEmulator'
        'Test-TargetProfileBatch'
    )
    # All that ships; packing fails on anything more or less.
    FileList = @(
        'LICENSE'
        'THIRD-PARTY-NOTICES.txt'
        'TargetProfiles.Format.ps1xml'
        'TargetProfiles.psd1'
        'TargetProfiles.psm1'
        'TargetProfiles.Types.ps1xml'
        'bin/net8.0/TargetProfiles.Core.dll'
        'bin/net8.0/TargetProfiles.Emulator.dll'
        'bin/net8.0/TargetProfiles.PowerShell.dll'
        'bin/netstandard2.0/Microsoft.Bcl.AsyncInterfaces.dll'
        'bin/netstandard2.0/System.Buffers.dll'
        'bin/netstandard2.0/System.IO.Pipelines.dll'
        'bin/netstandard2.0/System.Memory.dll'
        'bin/netstandard2.0/System.Numerics.Vectors.dll'
        'bin/netstandard2.0/System.Runtime.CompilerServices.Unsafe.dll'
        'bin/netstandard2.0/System.Text.Encodings.Web.dll'
        'bin/netstandard2.0/System.Text.Json.dll'
        'bin/netstandard2.0/System.Threading.Tasks.Extensions.dll'
        'bin/netstandard2.0/TargetProfiles.Core.dll'
        'bin/netstandard2.0/TargetProfiles.Emulator.dll'
        'bin/netstandard2.0/TargetProfiles.PowerShell.dll'
        'en-US/TargetProfiles.PowerShell.dll-Help.xml'
        'en-US/about_TargetProfiles.help.txt'
        'en-US/about_TargetProfiles_Errors.help.txt'
        'en-US/about_TargetProfiles_Runbooks.help.txt'
    )
    PrivateData = @{
        PSData = @{
            Tags = @('Adobe', 'Target', 'Profile', 'CRM', 'Batch', 'Marketing', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://www.apache.org/licenses/LICENSE-2.0'
            ProjectUri = 'https://github.com/targetprofiles/TargetProfiles'
            ReleaseNotes = 'https://github.com/targetprofiles/TargetProfiles/blob/main/CHANGELOG.md'
        }
    }
}
