BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0
    $null = @{ thirdPartyId = 'U1'; grade = 'gold' }, @{ thirdPartyId = 'U2'; grade = 'red' } | Send-TargetProfileBatch
    $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
}

AfterAll {
    $emulator | Stop-TargetEmulator
}

Describe 'Get-TargetProfile' {
    It 'fetches by your own id, from arguments, text and rows' {
        (Get-TargetProfile U1).Attributes['grade'] | Should -Be 'gold'
        (12345 | Get-TargetProfile -ErrorVariable problem -ErrorAction SilentlyContinue) | Should -BeNullOrEmpty
        $problem[0].TargetObject | Should -Be '12345'
        ('U1', 'U2' | Get-TargetProfile).ThirdPartyId | Should -Be @('U1', 'U2')
        ([pscustomobject] @{ customerID = 'U2' } | Get-TargetProfile -IdProperty customerID).Attributes['grade'] | Should -Be 'red'
    }

    It 'fetches by pcId' {
        $pcId = $emulator.FindByThirdPartyId('U1').PcId
        (Get-TargetProfile -PcId $pcId).Attributes['grade'] | Should -Be 'gold'
    }

    It 'says ObjectNotFound for a profile that is not there, and goes on' {
        $found = 'nobody', 'U1' | Get-TargetProfile -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.ThirdPartyId | Should -Be 'U1'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'does not let an id leave its place in the address' {
        Get-TargetProfile '..' -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        Get-TargetProfile 'a/../../b?c=d' -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].Exception.Message | Should -Match 'third party id=a/../../b'
    }
}

Describe 'Set-TargetProfile' {
    It 'updates by id and by row, quietly unless asked' {
        Set-TargetProfile U1 @{ grade = 'silver & more'; visits = 3 } | Should -BeNullOrEmpty
        (Get-TargetProfile U1).Attributes['grade'] | Should -Be 'silver & more'
        $update = [pscustomobject] @{ thirdPartyId = 'U2'; grade = 'blue' } | Set-TargetProfile -PassThru
        $update.ThirdPartyId | Should -Be 'U2'
        $update.AttributeCount | Should -Be 1
        Set-TargetProfile U2 @{ grade = 'by GET' } -Method Get
        (Get-TargetProfile U2).Attributes['grade'] | Should -Be 'by GET'
    }

    It 'sends nothing with -WhatIf' {
        $before = $emulator.Requests.Count
        Set-TargetProfile U1 @{ grade = 'x' } -WhatIf
        $emulator.Requests.Count | Should -Be $before
    }

    It 'offers the remedies that its errors name' {
        $row = [pscustomobject] @{ email = ' Anna@Example.COM '; grade = 'gold'; note = 'NULL' }
        [pscustomobject] @{ email = 'anna@example.com'; grade = 'gold' } | Set-TargetProfile -IdProperty email -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message | Should -Match 'id.personal-data'
        $update = $row | Set-TargetProfile -IdProperty email -HashProperty email -NullText NULL -PassThru
        $update.ThirdPartyId | Should -Match '^[0-9a-f]{64}$'
        $update.AttributeCount | Should -Be 1
        (Set-TargetProfile anna@example.com @{ grade = 'gold' } -ExcludeRule id.personal-data -PassThru).ThirdPartyId | Should -Be 'anna@example.com'
    }

    It 'rejects a list that cannot be listed, and goes on' {
        $failing = [System.Linq.Enumerable]::Select([int[]] (1, 2), [System.Func[int, int]] { throw 'no' })
        $rows = @{ thirdPartyId = 'U1'; bad = $failing }, @{ thirdPartyId = 'U2'; good = 1 }
        $updates = $rows | Set-TargetProfile -PassThru -ErrorVariable problem -ErrorAction SilentlyContinue
        $updates.ThirdPartyId | Should -Be 'U2'
        $problem[0].Exception.Message | Should -Match 'value.unreadable'
    }

    It 'refuses what is too large before it leaves' {
        Set-TargetProfile U1 @{ big = 'x' * 62000 } -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message | Should -Match '61,440'
    }
}

Describe 'Get-TargetBatchStatus' {
    It 'takes ids, and asks where the reply said' {
        $batch = @{ thirdPartyId = 'U1'; a = 1 } | Send-TargetProfileBatch
        (Get-TargetBatchStatus $batch.BatchId -Wait).StatusUri | Should -Be $batch.StatusUri
    }

    It 'says Unknown for a batch that nobody knows' {
        (Get-TargetBatchStatus 'acme-1-2').State | Should -Be 'Unknown'
    }

    It 'asks for what is open in a journal, records it, and writes what is to be sent again' {
        $journal = Join-Path -Path $TestDrive -ChildPath 'status.journal'
        $failed = Join-Path -Path $TestDrive -ChildPath 'failed.csv'
        $csv = Join-Path -Path $TestDrive -ChildPath 'status.csv'
        1..30 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "s$_"; a = $_ } } | Export-Csv -LiteralPath $csv -NoTypeInformation
        $emulator.Options.StuckBatches = 1
        $null = Send-TargetProfileBatch -LiteralPath $csv -JournalPath $journal -MaxBatchRows 10
        @((Get-TargetProfileBatch $journal).Outcome -ne $null) | Should -BeNullOrEmpty

        $statuses = Get-TargetBatchStatus -JournalPath $journal -Wait -FailedPath $failed -ErrorAction SilentlyContinue -ErrorVariable problem -WarningVariable said -WarningAction SilentlyContinue
        ($statuses.State | Sort-Object) -join ' ' | Should -Be 'Complete Complete Stuck'
        ($statuses | Measure-Object -Property LostRows -Sum).Sum | Should -Be 0
        $problem.FullyQualifiedErrorId | Should -BeLike 'BatchStuck,*'
        $said | Should -BeLike '*10 rows of 1 *-LiteralPath*failed.csv*'
        ((Get-TargetProfileBatch $journal).Outcome | Sort-Object) -join ' ' | Should -Be 'Complete Complete Stuck'
        $again = Get-TargetBatchStatus -JournalPath $journal -Wait -ErrorAction SilentlyContinue -ErrorVariable problem
        ($again.State | Sort-Object) -join ' ' | Should -Be 'Complete Complete Stuck'
        $problem.FullyQualifiedErrorId | Should -BeLike 'BatchStuck,*'
        (Send-TargetProfileBatch -LiteralPath $failed | Get-TargetBatchStatus -Wait).SuccessfulUpdates | Should -Be 10
    }

    It 'gives a command that sends failed rows as the run sent them' {
        $journal = Join-Path -Path $TestDrive -ChildPath 'hashed.journal'
        $csv = Join-Path -Path $TestDrive -ChildPath 'it''s hashed.csv'
        Set-Content -LiteralPath $csv -Value 'thirdPartyId;crm;email;secret', 'other;H1;A@b.example;x'
        $emulator.Options.StuckBatches = 1
        $null = Send-TargetProfileBatch -LiteralPath $csv -JournalPath $journal -Delimiter ';' -IdProperty crm -HashProperty email -ExcludeProperty secret, thirdPartyId
        $null = Get-TargetBatchStatus -JournalPath $journal -Wait -FailedPath (Join-Path -Path $TestDrive -ChildPath 'it''s failed.csv') -ErrorAction SilentlyContinue -WarningVariable said -WarningAction SilentlyContinue

        $command = [scriptblock]::Create(("$said" -split 'again: ')[1])
        (& $command | Get-TargetBatchStatus -Wait).SuccessfulUpdates | Should -Be 1

        $attributes = (Get-TargetProfile -ThirdPartyId H1).Attributes
        $attributes.Keys | Should -Be 'email'
        $attributes['email'] | Should -Match '^[0-9a-f]{64}$'
    }

    It 'records what comes down the pipeline, while the run goes on too' {
        $journal = Join-Path -Path $TestDrive -ChildPath 'piped.journal'
        $rows = 1..30 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "p$_"; a = $_ } }
        $statuses = $rows | Send-TargetProfileBatch -JournalPath $journal -MaxBatchRows 10 | Get-TargetBatchStatus -Wait
        $statuses.LostRows | Should -Be 0, 0, 0
        (Get-TargetProfileBatch $journal).Outcome | Should -Be 'Complete', 'Complete', 'Complete'
        { Get-TargetBatchStatus -JournalPath $journal -FailedPath (Join-Path $TestDrive 'none.csv') -ErrorAction Stop } | Should -Not -Throw
    }

    It 'tells when more rows are lost than may be' {
        try {
            $emulator.Options.LossRate = 0.5
            $emulator.Options.LossInCounts = $true
            $statuses = 1..20 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "l$_"; a = $_ } } |
                Send-TargetProfileBatch -MaxBatchRows 10 | Get-TargetBatchStatus -Wait -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -BeLike 'LossAboveRate,*'
            $problem[0].TargetObject.Lost | Should -Be ($statuses | Measure-Object -Property LostRows -Sum).Sum
            $statuses | Get-TargetBatchStatus -Wait -MaximumLossRate 1 -ErrorVariable problem | Out-Null
            $problem | Should -BeNullOrEmpty
        }
        finally {
            $emulator.Options.LossRate = 0
        }
    }

    It 'warns of statuses that Target does not keep any more' {
        $batches = 1..12 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "e$_"; a = $_ } } | Send-TargetProfileBatch -MaxBatchRows 1
        try {
            $emulator.Options.StatusRetentionCount = 10
            $earlier = $batches | Select-Object -Property BatchId, @{ Name = 'SubmittedAt'; Expression = { $_.SubmittedAt.AddMinutes(-5) } }
            $statuses = $earlier | Get-TargetBatchStatus -Wait -ErrorVariable problem -WarningVariable said -WarningAction SilentlyContinue
            @($statuses | Where-Object State -EQ 'Expired').Count | Should -Be 2
            @($statuses | Where-Object State -EQ 'Complete').Count | Should -Be 10
            $problem | Should -BeNullOrEmpty
            @($said).Count | Should -Be 1
        }
        finally {
            $emulator.Options.StatusRetentionCount = $null
        }
    }

    It 'gives up waiting with an error after its object' {
        $emulator.Options.ProcessingDelay = [timespan]::FromHours(1)
        try {
            $batch = @{ thirdPartyId = 'U1'; a = 1 } | Send-TargetProfileBatch
            $status = $batch | Get-TargetBatchStatus -Wait -TimeoutSec 5 -ErrorVariable problem -ErrorAction SilentlyContinue
            $status.State | Should -Be 'Incomplete'
            $problem[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        }
        finally {
            $emulator.Options.ProcessingDelay = [timespan]::Zero
        }
    }
}

Describe 'The emulator' {
    It 'ends with the module that started it, and no other' {
        $shell = [powershell]::Create().AddScript({
                param($modulePath)
                Import-Module $modulePath
                $running = Start-TargetEmulator
                $running
                Remove-Module TargetProfiles
            }).AddArgument($ModulePath)
        $started = $shell.Invoke()[0]
        $started.Completion.IsCompleted | Should -BeTrue
        $emulator.Completion.IsCompleted | Should -BeFalse
        $shell.Dispose()
    }

    It 'finds and stops what runs' {
        $second = Start-TargetEmulator
        @(Get-TargetEmulator).Count | Should -BeGreaterThan 1
        $second | Stop-TargetEmulator
        Get-TargetEmulator | Where-Object Port -EQ $second.Port | Should -BeNullOrEmpty
    }
}
