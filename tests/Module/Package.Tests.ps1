BeforeAll {
    . $PSScriptRoot/Common.ps1
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $packing = Join-Path -Path $RepositoryPath -ChildPath 'tools/New-ModulePackage.ps1'
    $listed = Get-Content -LiteralPath (Join-Path -Path $RepositoryPath -ChildPath 'tools/ModuleFiles.txt')
    $samples = Join-Path -Path $RepositoryPath -ChildPath 'samples'
    $shell = (Get-Process -Id $PID).Path

    function Copy-Module {
        param([string] $Name)
        $copy = Join-Path -Path $TestDrive -ChildPath $Name
        Copy-Item -LiteralPath $ModuleBase -Destination $copy -Recurse
        $copy
    }

    function Get-RelativePath {
        param([string] $Folder)
        $folder = (Get-Item -LiteralPath $Folder).FullName
        Get-ChildItem -LiteralPath $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length + 1).Replace('\', '/') } | Sort-Object
    }
}

Describe 'The package for the Gallery' {
    BeforeAll {
        $staged = Import-PowerShellDataFile -LiteralPath $ModuleBase/TargetProfiles.psd1
        $package = & $packing -ModulePath $ModuleBase -DestinationPath $TestDrive/packages
        $modules = Join-Path -Path $TestDrive -ChildPath 'modules'
        $unpacked = Join-Path -Path $modules -ChildPath "TargetProfiles/$($staged.ModuleVersion)"
        [System.IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, $unpacked)
        $specification = ([xml] [System.IO.File]::ReadAllText("$unpacked/TargetProfiles.nuspec")).package.metadata
    }

    It 'is named as the Gallery wants it' {
        $package.Name | Should -BeExactly "TargetProfiles.$($staged.ModuleVersion).nupkg"
        Get-ChildItem -LiteralPath $TestDrive/packages | Should -HaveCount 1
    }

    It 'holds every file of the module and nothing else, byte by byte' {
        # What every package has; Install-PSResource leaves it out.
        $envelope = '^(_rels/|package/|\[Content_Types\]\.xml$|TargetProfiles\.nuspec$)'
        $shipped = @(Get-RelativePath $unpacked | Where-Object { $_ -notmatch $envelope })
        $shipped | Should -Be @(Get-RelativePath $ModuleBase)
        $listed | Where-Object { $_ -notin $shipped } | Should -BeNullOrEmpty
        foreach ($file in $shipped) {
            (Get-FileHash -LiteralPath "$unpacked/$file").Hash | Should -Be (Get-FileHash -LiteralPath "$ModuleBase/$file").Hash -Because $file
        }
    }

    It 'has a manifest without faults, with all that the Gallery asks for' {
        $manifest = Test-ModuleManifest -Path $unpacked/TargetProfiles.psd1 -ErrorAction Stop
        $manifest.CompatiblePSEditions | Sort-Object | Should -Be 'Core', 'Desktop'
        $manifest.ProjectUri.Scheme | Should -Be 'https'
        $manifest.LicenseUri.Scheme | Should -Be 'https'
        $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
        foreach ($tag in 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS') { $manifest.Tags | Should -Contain $tag }
        foreach ($exports in 'FunctionsToExport', 'CmdletsToExport', 'AliasesToExport', 'VariablesToExport') {
            $staged.ContainsKey($exports) | Should -BeTrue
            $staged[$exports] -match '\*' | Should -BeNullOrEmpty
        }
    }

    It 'tells the Gallery what the manifest says' {
        $specification.id | Should -BeExactly 'TargetProfiles'
        $specification.version | Should -Be $staged.ModuleVersion
        $specification.authors | Should -Be $staged.Author
        $specification.description | Should -Be $staged.Description
        $specification.licenseUrl | Should -Be $staged.PrivateData.PSData.LicenseUri
        $specification.projectUrl | Should -Be $staged.PrivateData.PSData.ProjectUri
        $specification.releaseNotes | Should -Be $staged.PrivateData.PSData.ReleaseNotes
        $tags = $specification.tags -split ' '
        foreach ($tag in @('PSModule', 'PSIncludes_Cmdlet') + $staged.PrivateData.PSData.Tags) { $tags | Should -Contain $tag }
        foreach ($command in $staged.CmdletsToExport) {
            $tags | Should -Contain "PSCmdlet_$command"
            $tags | Should -Contain "PSCommand_$command"
        }
    }

    It 'is imported by name from a module path, and does the main job' {
        $before = $env:PSModulePath
        $env:PSModulePath = $modules + [System.IO.Path]::PathSeparator + $before
        try {
            $told = & $shell -NoProfile -NonInteractive -Command @"
                `$ErrorActionPreference = 'Stop'
                `$WarningPreference = 'SilentlyContinue'
                Import-Module -Name TargetProfiles
                (Get-Module -Name TargetProfiles).ModuleBase
                `$emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
                `$emulator | Connect-TargetService
                (Send-TargetProfileBatch -LiteralPath '$samples/loyalty-members.csv' | Get-TargetBatchStatus -Wait).State -join ','
                `$emulator.ProfileCount
"@
        }
        finally {
            $env:PSModulePath = $before
        }

        $told[0] | Should -Match "modules.TargetProfiles.$($staged.ModuleVersion)$"
        $told[1] | Should -Be 'Complete'
        $told[2] | Should -Be 10000
    }
}

Describe 'Packing' {
    It 'refuses a file that is not listed' {
        $module = Copy-Module 'surplus'
        [System.IO.File]::WriteAllText("$module/bin/net8.0/System.Text.Json.dll", '')
        (Get-TerminatingError { & $packing -ModulePath $module -DestinationPath $TestDrive/none }).Exception.Message |
            Should -Match 'Not listed: bin/net8\.0/System\.Text\.Json\.dll\.'
        "$TestDrive/none" | Should -Not -Exist
    }

    It 'refuses a module that lacks a listed file' {
        $module = Copy-Module 'missing'
        Remove-Item -LiteralPath $module/bin/netstandard2.0/System.Memory.dll
        (Get-TerminatingError { & $packing -ModulePath $module -DestinationPath $TestDrive/none -ErrorAction Stop }).Exception.Message |
            Should -Match 'System\.Memory\.dll'
    }

    Context 'with a certificate' {
        BeforeAll {
            $key = [System.Security.Cryptography.RSA]::Create(2048)
            $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=signer', $key, 'SHA256', [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
            $certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow, [datetimeoffset]::UtcNow.AddDays(1))
        }

        It 'says so where a system cannot sign' -Skip:($null -ne (Get-Command -Name Set-AuthenticodeSignature -ErrorAction Ignore)) {
            (Get-TerminatingError { & $packing -ModulePath $ModuleBase -DestinationPath $TestDrive/none -Certificate $certificate }).Exception.Message |
                Should -Match 'cannot sign.*on Windows'
        }

        It 'signs every file of its own, and none of others, with a time stamp' {
            # What Windows provides.
            $signed = [System.Collections.Generic.List[object]]::new()
            Set-Item -Path function:Set-AuthenticodeSignature -Value {
                param($LiteralPath, $Certificate, $HashAlgorithm, $TimestampServer)
                $signed.Add([pscustomobject] @{ File = $LiteralPath.Substring($module.Length + 1).Replace('\', '/'); By = $Certificate.Subject; Hash = $HashAlgorithm; Stamp = $TimestampServer })
                [pscustomobject] @{ Status = 'Valid'; StatusMessage = '' }
            }

            $module = (Get-Item -LiteralPath (Copy-Module 'signed')).FullName
            $null = & $packing -ModulePath $module -DestinationPath $TestDrive/signed-packages -Certificate $certificate -TimestampServer 'http://timestamp.example.com'
            $own = $listed | Where-Object { $_ -match '\.(psm1|psd1|ps1xml)$|/TargetProfiles\.\w+\.dll$' }
            $signed.File | Sort-Object | Should -Be ($own | Sort-Object)
            $signed | Group-Object -Property By, Hash, Stamp | Should -HaveCount 1
            "$($signed[0].By) $($signed[0].Hash) $($signed[0].Stamp)" | Should -Be 'CN=signer SHA256 http://timestamp.example.com/'
        }
    }
}
