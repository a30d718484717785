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
        'Compare-TargetProfile',
        'Connect-TargetService',
        'Disconnect-TargetService',
        'Export-TargetProfileReport',
        'Get-TargetBatchStatus',
        'Get-TargetConnection',
        'Get-TargetEmulator',
        'Get-TargetProfile',
        'Get-TargetProfileBatch',
        'Get-TargetProfileToken',
        'New-TargetProfileToken',
        'Send-TargetProfileBatch',
        'Set-TargetProfile',
        'Start-TargetEmulator',
        'Stop-TargetEmulator',
        'Test-TargetProfileBatch'
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
