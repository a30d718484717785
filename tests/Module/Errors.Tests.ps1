BeforeAll {
    . $PSScriptRoot/Common.ps1
    $row = [pscustomobject] @{ thirdPartyId = 'v1'; tier = 'gold' }
    $hidden = [System.Reflection.BindingFlags] 'Static, Instance, NonPublic, Public'
    $module = [TargetProfiles.PowerShell.ModuleState].Assembly
    $factory = $module.GetType('TargetProfiles.PowerShell.Errors.TargetErrors')
    $categories = $module.GetType('TargetProfiles.PowerShell.Errors.ErrorCategories').GetProperty('ById', $hidden).GetValue($null)

    $page = Get-Content -LiteralPath $PSScriptRoot/../../docs/en-US/about_TargetProfiles_Errors.md -Raw
    $sections = @{}
    foreach ($section in [regex]::Matches($page, '(?ms)^## (?<id>\w+)\r?\n(?<text>.*?)(?=^## |\z)')) {
        $sections[$section.Groups['id'].Value] = $section.Groups['text'].Value
    }

    function Get-Instance {
        param([type] $Type, [object[]] $Argument)
        $constructor = $Type.GetConstructors($hidden) | Where-Object { -not $_.IsStatic } | Sort-Object { $_.GetParameters().Count } | Select-Object -First 1
        $missing = $constructor.GetParameters().Count - $Argument.Count
        # Optional arguments of these exceptions are null.
        $values = @($Argument | ForEach-Object { if ($null -eq $_) { $null } else { $_.PSObject.BaseObject } }) + @($null) * $missing
        $constructor.Invoke([object[]] $values)
    }

    # One record of each kind that the factory makes.
    function Get-EveryError {
        $exceptions = @(
            [Enum]::GetValues([TargetProfiles.ServiceFailureKind]) | ForEach-Object { [TargetProfiles.TargetServiceException]::new($_, 'It failed.', 'Do this.') }
            [Enum]::GetValues([TargetProfiles.JournalFault]) | ForEach-Object { Get-Instance ([TargetProfiles.JournalException]) $_, 'It failed.' }
            [TargetProfiles.CsvFormatException]::new('It failed.')
            Get-Instance ([TargetProfiles.RejectedRowsException]) 'rejected.csv', ([System.IO.IOException]::new('No room.'))
            Get-Instance ([TargetProfiles.ReportException]) 'There is one.', $true
            Get-Instance ([TargetProfiles.ReportException]) 'It failed.', $false
            [System.IO.InvalidDataException]::new('It failed.')
            [System.IO.FileNotFoundException]::new('It failed.')
            [System.UnauthorizedAccessException]::new('It failed.')
            [System.IO.IOException]::new('It failed.')
            [System.ArgumentException]::new('It failed.')
            [System.Exception]::new('It failed.')
        )
        foreach ($exception in $exceptions) {
            $factory.GetMethod('FromException').Invoke($null, @($exception, 'what it is about'))
        }

        foreach ($name in 'JournalPathMissing', 'NotConnected') {
            $factory.GetMethod($name).Invoke($null, @())
        }

        foreach ($name in 'TextInsteadOfRows', 'FolderInsteadOfFile', 'NoFileMatches', 'NotAFileSystemPath') {
            $factory.GetMethod($name).Invoke($null, @('crm.csv'))
        }

        $factory.GetMethod('RowRejected', [type[]] ([long], [System.ArgumentException])).Invoke($null, @([long] 7, [System.ArgumentException]::new('It is wrong.')))
        foreach ($state in 'Refused', 'Uncertain', 'NotSent') {
            $batch = Get-Instance ([TargetProfiles.TargetProfileBatch]) 1, ([TargetProfiles.BatchState] $state), ([long] 1), ([long] 2), 2, ([long] 64)
            $factory.GetMethod('BatchNotAccepted').Invoke($null, @($batch))
        }

        foreach ($state in 'Stuck', 'CompleteWithFailures') {
            $status = Get-Instance ([TargetProfiles.TargetBatchStatus]) 'acme-1', $null, ([TargetProfiles.BatchProcessingState] $state), 'word'
            $factory.GetMethod('BatchFailed').Invoke($null, @($status))
        }

        $factory.GetMethod('LossAboveRate').Invoke($null, @([TargetProfiles.Sending.LostRows]::new(0.001)))
    }
}

Describe 'Errors and their page' {
    It 'have the same ids' {
        $sections.Keys | Sort-Object | Should -Be ($categories.Keys | Sort-Object)
    }

    It 'agree on the category, and the page tells meaning and remedy' {
        foreach ($id in $categories.Keys) {
            $sections[$id] | Should -Match "\A\s*Category: $($categories[$id])\." -Because $id
            $sections[$id] | Should -Match '(?m)^Meaning: \S' -Because $id
            $sections[$id] | Should -Match '(?m)^Remedy: \S' -Because $id
        }
    }

    It 'stand in order of the alphabet' {
        $ids = [regex]::Matches($page, '(?m)^## (\w+)\r?$') | ForEach-Object { $_.Groups[1].Value }
        $ids | Should -Be ($ids | Sort-Object)
    }

    It 'are all made by the factory, each with a recommended action' {
        $made = @(Get-EveryError)
        $made.FullyQualifiedErrorId | Sort-Object -Unique | Should -Be ($categories.Keys | Sort-Object)
        foreach ($problem in $made) {
            $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty -Because $problem.FullyQualifiedErrorId
            $problem.CategoryInfo.Category | Should -Be $categories[$problem.FullyQualifiedErrorId]
        }
    }

    It 'are made nowhere else' {
        $others = Get-ChildItem -Path $PSScriptRoot/../../src/TargetProfiles.PowerShell -Filter *.cs -Recurse |
            Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]' | Select-String -Pattern 'new ErrorRecord\('
        $others | Should -BeNullOrEmpty
    }
}

Describe 'Waiting for batches' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'writes an error after the object of a batch that gets stuck' {
        $emulator.Options.ForceStuck = $true
        $written = [System.Collections.Generic.List[object]]::new()
        $row | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait -ErrorAction Continue 2>&1 | ForEach-Object { $written.Add($_) }
        $written[0].State | Should -Be 'Stuck'
        $written[1].FullyQualifiedErrorId | Should -BeLike 'BatchStuck,*'
        $written[1].TargetObject | Should -Be $written[0].BatchId
        $written.Count | Should -Be 2
    }

    It 'says no more than the state without -Wait' {
        $emulator.Options.ForceStuck = $true
        $batch = $row | Send-TargetProfileBatch
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        (Get-TargetBatchStatus $batch.BatchId -ErrorVariable problem).State | Should -Be 'Stuck'
        $problem | Should -BeNullOrEmpty
    }

    It 'is a gate with -ErrorAction Stop, once every batch has its outcome' {
        $batches = @(1..3 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "g$_"; tier = 'gold' } } | Send-TargetProfileBatch -MaxBatchRows 1)
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $emulator.Options.ForceStuck = $true
        $batches += $row | Send-TargetProfileBatch
        $written = [System.Collections.Generic.List[object]]::new()
        $problem = Get-TerminatingError { $batches[3], $batches[0], $batches[1], $batches[2] | Get-TargetBatchStatus -Wait -ErrorAction Stop | ForEach-Object { $written.Add($_) } }
        $problem.FullyQualifiedErrorId | Should -BeLike 'BatchStuck,*'
        ($written.State | Sort-Object) -join ' ' | Should -Be 'Complete Complete Complete Stuck'
    }

    It 'is a gate for a batch that is not done in time, too' {
        $emulator.Options.ProcessingDelay = [timespan]::FromHours(1)
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait -TimeoutSec 1 -ErrorAction Stop }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TimedOut,*'
    }

    It 'passes where every batch is complete' {
        ($row | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait -ErrorAction Stop).State | Should -Be 'Complete'
    }
}

Describe 'Where no call can succeed' {
    BeforeAll {
        $token = [System.Net.NetworkCredential]::new('', 'wrong').SecurePassword
    }

    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It '<Command> ends with one error' -ForEach @(
        @{ Command = 'Get-TargetProfile'; Script = { 1..50 | Get-TargetProfile -ThrottleLimit 2 } }
        @{ Command = 'Set-TargetProfile'; Script = { 1..50 | ForEach-Object { @{ thirdPartyId = $_; tier = 'gold' } } | Set-TargetProfile -ThrottleLimit 2 } }
        @{ Command = 'Send-TargetProfileBatch'; Script = { 1..50 | ForEach-Object { [pscustomobject] @{ thirdPartyId = $_; tier = 'gold' } } | Send-TargetProfileBatch -MaxBatchRows 1 -ThrottleLimit 2 } }
        @{ Command = 'Get-TargetBatchStatus'; Script = { 1..50 | ForEach-Object { "acme-$_" } | Get-TargetBatchStatus } }
    ) {
        $emulator.Options.Token = 'another'
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0 -Token $token
        if ($Command -eq 'Get-TargetBatchStatus') {
            # Statuses need no token, but a client code that is known.
            Connect-TargetService nosuchcode -Endpoint $emulator.Endpoint -CallsPerMinute 0 -MaximumRetryCount 0
        }

        $Error.Clear()
        $problem = Get-TerminatingError $Script
        $problem.FullyQualifiedErrorId | Should -Match '^(TokenRejected|RequestRejected),'
        $Error.Count | Should -Be 1
        if ($Command -ne 'Get-TargetBatchStatus') { $emulator.Requests.Count | Should -BeLessThan 20 }
    }

    It 'ends with HostNotFound for a host without address' {
        Connect-TargetService acme -Endpoint no-such-host.invalid -MaximumRetryCount 0 -NoProxy
        (Get-TerminatingError { 'a', 'b' | Get-TargetProfile }).FullyQualifiedErrorId | Should -BeLike 'HostNotFound,*'
    }

    It 'ends with CertificateUntrusted for a certificate that nobody trusts' {
        Start-TargetEmulator -UseTls | Connect-TargetService -MaximumRetryCount 0
        (Get-TerminatingError { 'a', 'b' | Get-TargetProfile }).FullyQualifiedErrorId | Should -BeLike 'CertificateUntrusted,*'
    }
}

Describe 'What an error is about' {
    BeforeAll {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterAll {
        Stop-TargetEmulator
    }

    It 'is the number of the row where profiles are updated one by one' {
        $rows = @{ thirdPartyId = 'r1'; tier = 'gold' }, @{ thirdPartyId = 'r2'; tier = '' }, @{ thirdPartyId = 'r3'; tier = 'red' }
        $updates = $rows | Set-TargetProfile -PassThru -ErrorVariable problem -ErrorAction SilentlyContinue
        $updates.ThirdPartyId | Should -Be @('r1', 'r3')
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RowRejected,*'
        $problem[0].TargetObject | Should -Be 'row 2'
        $problem[0].Exception.Message | Should -BeLike 'Row 2: *'
    }

    It 'is the path for a drive that is not there' {
        $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath 'NoSuchDrive:/crm.csv' }
        $problem.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        $problem.TargetObject | Should -Be 'NoSuchDrive:/crm.csv'
    }

    It 'is the path for a drive that is no disk' {
        (Get-TerminatingError { Send-TargetProfileBatch -LiteralPath 'Env:/PATH' }).FullyQualifiedErrorId | Should -BeLike 'NotAFileSystemPath,*'
    }

    It 'tells apart what the journal switches need' {
        (Get-TerminatingError { $row | Send-TargetProfileBatch -Restart }).FullyQualifiedErrorId | Should -BeLike 'JournalPathMissing,*'
    }

    It 'stops a run whose rejected rows cannot be kept' {
        $path = Join-Path -Path $TestDrive -ChildPath 'no/such/folder/rejected.csv'
        $bad = [pscustomobject] @{ thirdPartyId = 'a/b'; tier = 'gold' }
        (Get-TerminatingError { $bad | Send-TargetProfileBatch -RejectedPath $path -WarningAction SilentlyContinue }).FullyQualifiedErrorId | Should -BeLike 'RejectedRowsUnwritable,*'
    }
}
