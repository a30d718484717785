BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'The cmdlets' {
    It 'have verbs that this PowerShell approves of' {
        $approved = (Get-Verb).Verb
        foreach ($command in Get-Command -Module TargetProfiles) {
            $approved | Should -Contain $command.Verb -Because $command.Name
        }
    }

    It 'are all that the module exports' {
        $module = Get-Module -Name TargetProfiles
        $module.ExportedCommands.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile -LiteralPath $ModulePath/TargetProfiles.psd1).CmdletsToExport | Sort-Object)
        $module.ExportedVariables.Count | Should -Be 0
    }

    It 'import without a warning, as Test-ModuleManifest agrees' {
        $shell = [powershell]::Create().AddScript({ param($path) Import-Module $path; Test-ModuleManifest $path/TargetProfiles.psd1 }).AddArgument($ModulePath)
        $shell.Invoke().Name | Should -Be 'TargetProfiles'
        $shell.Streams.Warning.Count + $shell.Streams.Error.Count | Should -Be 0
        $shell.Dispose()
    }

    It 'leave no name to chance: each set of parameters is told apart from the others' {
        foreach ($command in Get-Command -Module TargetProfiles | Where-Object { $_.ParameterSets.Count -gt 1 }) {
            $command.DefaultParameterSet | Should -Not -BeNullOrEmpty -Because $command.Name
        }
    }

    It 'change nothing with -WhatIf preferred' {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0
        $WhatIfPreference = $true
        [pscustomobject] @{ thirdPartyId = 'w1'; tier = 'gold' } | Send-TargetProfileBatch
        Set-TargetProfile w1 @{ tier = 'gold' }
        $WhatIfPreference = $false
        $emulator.Requests.Count | Should -Be 0
        $emulator | Stop-TargetEmulator
    }
}

Describe 'The module' {
    It 'can be removed and imported again with an emulator running, and -Force too' {
        $shell = [powershell]::Create().AddScript({
                param($modulePath)
                Import-Module $modulePath
                $first = Start-TargetEmulator
                $first | Connect-TargetService
                Remove-Module TargetProfiles
                $first.Completion.IsCompleted
                Import-Module $modulePath
                $null -eq (Get-TargetConnection)
                Import-Module $modulePath -Force
                $second = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
                $second | Connect-TargetService -CallsPerMinute 0
                ([pscustomobject] @{ thirdPartyId = 'again'; tier = 'gold' } | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait).State -eq 'Complete'
                $second | Stop-TargetEmulator
            }).AddArgument($ModulePath)
        $shell.Invoke() | Should -Be @($true, $true, $true)
        $shell.Streams.Error | Should -BeNullOrEmpty
        $shell.Dispose()
    }
}

Describe 'Select-Object -First 1' {
    BeforeAll {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0
        $rows = 1..50 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "f$_"; tier = 'gold' } }
        $journal = Join-Path -Path $TestDrive -ChildPath 'first.journal'
        $null = $rows | Send-TargetProfileBatch -MaxBatchRows 10 -JournalPath $journal
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
    }

    AfterAll {
        $emulator | Stop-TargetEmulator
    }

    It 'leaves no error and no worker behind <Name>' -ForEach @(
        @{ Name = 'Get-TargetProfile'; Script = { $rows.thirdPartyId | Get-TargetProfile | Select-Object -First 1 } }
        @{ Name = 'Set-TargetProfile'; Script = { $rows | Set-TargetProfile -PassThru | Select-Object -First 1 } }
        @{ Name = 'Test-TargetProfileBatch'; Script = { 1..50 | ForEach-Object { @{ thirdPartyId = ''; tier = 'gold' } } | Test-TargetProfileBatch | Select-Object -First 1 } }
        @{ Name = 'Get-TargetProfileBatch'; Script = { Get-TargetProfileBatch $journal | Select-Object -First 1 } }
        @{ Name = 'Get-TargetBatchStatus'; Script = { Get-TargetProfileBatch $journal | Get-TargetBatchStatus | Select-Object -First 1 } }
        @{ Name = 'Send-TargetProfileBatch'; Script = { $rows | Send-TargetProfileBatch -MaxBatchRows 1 | Select-Object -First 1 } }
    ) {
        $Error.Clear()
        @(& $Script).Count | Should -Be 1
        $Error.Count | Should -Be 0
        [TargetProfiles.Sending.SendRun]::LiveCount | Should -Be 0
    }
}

Describe 'A thread job' {
    It 'has a connection of its own, and hands live results back' -Skip:(-not (Get-Command -Name Start-ThreadJob -ErrorAction Ignore)) {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        Connect-TargetService mainonly -Endpoint $emulator.Endpoint
        $jobs = 1..3 | ForEach-Object {
            Start-ThreadJob -ArgumentList $ModulePath, $emulator, $_ -ScriptBlock {
                param($modulePath, $emulator, $number)
                Import-Module $modulePath
                if (Get-TargetConnection) { throw 'A connection came from another runspace.' }
                $emulator | Connect-TargetService -CallsPerMinute 0
                [pscustomobject] @{ thirdPartyId = "t$number"; tier = 'gold' } | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait
            }
        }
        $results = $jobs | Receive-Job -Wait -AutoRemoveJob
        $results.State | Should -Be @('Complete', 'Complete', 'Complete')
        $results[0] | Should -BeOfType [TargetProfiles.TargetBatchStatus]
        (Get-TargetConnection).ClientCode | Should -Be 'mainonly'
        $emulator | Stop-TargetEmulator
    }
}
