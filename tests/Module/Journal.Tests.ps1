BeforeAll {
    . $PSScriptRoot/Common.ps1

    function Export-NumberedRow {
        param([string] $Name, [int] $Count, [int] $BadEvery = 0)
        $lines = foreach ($i in 1..$Count) {
            $id = if ($BadEvery -and $i % $BadEvery -eq 0) { "bad+$i" } else { "U$i" }
            "$id,tier$i"
        }
        Export-TestFile $Name ("thirdPartyId,tier`n" + ($lines -join "`n") + "`n")
    }

    function Get-SubmitCount {
        @($emulator.Requests | Where-Object Target -Like '*batchUpdate').Count
    }

    # Batches that were begun to be sent. What a stopped command began may reach the service while the next one runs.
    function Get-SendingCount {
        [regex]::Matches([System.IO.File]::ReadAllText($journal), '"type":"sending"').Count
    }

    function Assert-Stored {
        param([int] $Count)
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $emulator.ProfileCount | Should -Be $Count
        foreach ($i in 1..$Count) { $emulator.FindByThirdPartyId("U$i").Attributes['tier'] | Should -BeExactly "tier$i" }
    }

    # Runs a script in a runspace of its own, and stops it once two batches were accepted and a third one hangs.
    function Invoke-UntilStopped {
        param([string] $Script, [hashtable] $Values)
        Add-WireFault $emulator @{ Kind = 'DelayedReply'; On = 'Submit'; Delay = '00:05:00'; SkipFirst = 2; Times = 0 }
        $before = Get-SubmitCount
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $endpoint, $script, $values)
                Import-Module $modulePath
                Connect-TargetService acme -Endpoint $endpoint -CallsPerMinute 0
                & ([scriptblock]::Create($script)) @values
            }).AddArgument($ModulePath).AddArgument($emulator.Endpoint).AddArgument($Script).AddArgument($Values)
        $null = $shell.BeginInvoke()
        Wait-Until { (Get-SubmitCount) -ge $before + 3 }
        $shell.Stop()
        $shell.Dispose()
        $emulator.Faults.Clear()
    }
}

Describe 'A journal' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
        $journal = Join-Path -Path $TestDrive -ChildPath "$([guid]::NewGuid()).journal"
    }

    AfterEach {
        Stop-TargetEmulator
    }

    Context 'The same command again' {
        It 'sends nothing and fails nothing after a complete run, and says when it was sent' {
            $path = Export-NumberedRow 'complete.csv' 25
            (Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10).Count | Should -Be 3
            $Error.Clear()
            $batches = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 -SummaryVariable sum -WarningVariable said -WarningAction SilentlyContinue
            $batches | Should -BeNullOrEmpty
            "$said" | Should -Match 'sent to the end before, at \d{4}-\d\d-\d\d .*-Resend'
            $sum.Accepted | Should -Be 25
            $sum.IsComplete | Should -BeTrue
            $Error.Count | Should -Be 0
            Get-SubmitCount | Should -Be 3
        }

        It 'sends nothing where the pipeline brings the same rows, and what is new where it does not' {
            $send = @{ JournalPath = $journal; MaxBatchRows = 2; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue' }
            $rows = 1..5 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "U$_"; tier = "tier$_" } }
            ($rows | Send-TargetProfileBatch @send).Count | Should -Be 3
            $rows | Send-TargetProfileBatch @send -WarningVariable said | Should -BeNullOrEmpty
            "$said" | Should -Match 'sent to the end before'
            $rows[4].tier = 'tier6'
            ($rows | Send-TargetProfileBatch @send).Count | Should -Be 3
            Get-SubmitCount | Should -Be 6
        }

        It 'is no trouble where a night brings no rows' {
            $send = @{ JournalPath = $journal; MaxBatchRows = 2; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue' }
            $null = [pscustomobject] @{ thirdPartyId = 'U1'; tier = 'tier1' } | Send-TargetProfileBatch @send
            @() | Send-TargetProfileBatch @send | Should -BeNullOrEmpty
            $null = [pscustomobject] @{ thirdPartyId = 'U2'; tier = 'tier2' } | Send-TargetProfileBatch @send
            Assert-Stored 2
        }

        It 'is refused where an incomplete pipeline brings fewer rows' {
            $send = @{ JournalPath = $journal; MaxBatchRows = 2; ThrottleLimit = 1; WarningAction = 'SilentlyContinue' }
            $rows = 1..5 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "U$_"; tier = "tier$_" } }
            # One batch at least was recorded; how many more, the machine decides.
            $null = $rows | Send-TargetProfileBatch @send | Select-Object -First 1
            $problem = Get-TerminatingError { $rows[0] | Send-TargetProfileBatch @send -ErrorAction SilentlyContinue }
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalOtherSource,*'
        }

        It 'is a new run where the file has changed, and keeps the old journal' {
            $path = Export-NumberedRow 'nightly.csv' 25
            $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal
            $old = [System.IO.File]::ReadAllText($journal)
            $null = Export-NumberedRow 'nightly.csv' 26
            (Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal).Rows | Should -Be 26
            [System.IO.File]::ReadAllText([System.IO.Path]::ChangeExtension($journal, '.2.journal')) | Should -BeExactly $old
            Assert-Stored 26
        }

        It 'sends a complete run again with -Resend' {
            $path = Export-NumberedRow 'resend.csv' 5
            $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal
            (Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -Resend).Rows | Should -Be 5
            Get-SubmitCount | Should -Be 2
        }

        It 'completes what was stopped: <Name>' -ForEach @(
            @{ Name = 'a file'; Send = 'param($path, $journal) Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 -ThrottleLimit 1' }
            @{ Name = 'Import-Csv'; Send = 'param($path, $journal) Import-Csv -LiteralPath $path | Send-TargetProfileBatch -JournalPath $journal -MaxBatchRows 10 -ThrottleLimit 1' }
            @{ Name = 'Get-ChildItem'; Send = 'param($path, $journal) Get-Item -LiteralPath $path | Send-TargetProfileBatch -JournalPath $journal -MaxBatchRows 10 -ThrottleLimit 1' }
        ) {
            $values = @{ path = (Export-NumberedRow 'stopped.csv' 55); journal = $journal }
            Invoke-UntilStopped -Script $Send -Values $values
            $known = Get-TargetProfileBatch $journal -WarningAction SilentlyContinue
            $known[0, 1].State | Should -Be @('Accepted', 'Accepted')
            $known[2].State | Should -BeIn @('Uncertain', 'NotSent')

            $batches = & ([scriptblock]::Create($Send)) @values -WarningVariable said -WarningAction SilentlyContinue
            $batches.Number | Should -Be (3..6)
            $batches.State | Sort-Object -Unique | Should -Be 'Accepted'
            Assert-Stored 55
            $all = Get-TargetProfileBatch $journal -SummaryVariable sum
            $all.Number | Should -Be (1..6)
            $sum.Accepted | Should -Be 55
            $sum.IsComplete | Should -BeTrue
        }

        It 'completes what Select-Object -First 1 cut off' {
            $path = Export-NumberedRow 'first.csv' 55
            $Error.Clear()
            (Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 | Select-Object -First 1).Number | Should -Be 1
            $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 -SummaryVariable sum -WarningVariable said -WarningAction SilentlyContinue
            "$said" | Should -Match 'The run goes on where it ended'
            $sum.Accepted | Should -Be 55
            $Error.Count | Should -Be 0
            Assert-Stored 55
        }

        It 'writes each rejected row once' {
            $path = Export-NumberedRow 'rejected.csv' 55 -BadEvery 5
            $rejected = Join-Path -Path $TestDrive -ChildPath 'once.csv'
            $values = @{ path = $path; journal = $journal; rejected = $rejected }
            $send = 'param($path, $journal, $rejected) Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -RejectedPath $rejected -MaxBatchRows 10 -ThrottleLimit 1'
            Invoke-UntilStopped -Script $send -Values $values
            $null = & ([scriptblock]::Create($send)) @values -WarningAction SilentlyContinue
            (Import-Csv -LiteralPath $rejected).thirdPartyId | Should -Be (1..11 | ForEach-Object { "bad+$($_ * 5)" })
        }
    }

    Context 'A run that stops early' {
        BeforeEach {
            $path = Export-NumberedRow 'early.csv' 25
            Add-WireFault $emulator @{ Kind = 'EarlyReply'; On = 'Submit'; StatusCode = 500; SkipFirst = 1; Times = 0 }
        }

        It 'promises that the same command goes on, and it does' {
            $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 -ThrottleLimit 1 -ErrorAction SilentlyContinue }
            $problem.FullyQualifiedErrorId | Should -BeExactly 'ServerError,TargetProfiles.PowerShell.Commands.SendTargetProfileBatchCommand'
            $problem.ErrorDetails.RecommendedAction | Should -Match 'It goes on where this one ended\.$'
            $emulator.Faults.Clear()
            (Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 -ThrottleLimit 1 -WarningAction SilentlyContinue).Number | Should -Be @(2, 3)
        }

        It 'does not promise that without a journal' {
            $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path -MaxBatchRows 10 -ThrottleLimit 1 -ErrorAction SilentlyContinue }
            $problem.ErrorDetails.RecommendedAction | Should -Match 'sends every row again.* with -JournalPath it would go on'
        }
    }

    Context 'A journal that cannot be used' {
        It 'is refused while another run has it' {
            $path = Export-NumberedRow 'twice.csv' 5
            $Error.Clear()
            $problem = 1..3 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "U$_"; tier = 'x' } } | Send-TargetProfileBatch -JournalPath $journal -MaxBatchRows 1 | ForEach-Object {
                if ($_.Number -eq 1) { Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal } }
            }
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalInUse,*'
            $problem.CategoryInfo.Category | Should -Be 'ResourceBusy'
            $problem.ErrorDetails.RecommendedAction | Should -Match 'Get-TargetProfileBatch'
            Get-SubmitCount | Should -Be 3
        }

        It 'is refused where it cannot be written, before anything is sent: <Name>' -ForEach @(
            @{ Name = 'no such folder'; Where = 'nowhere/run.journal' }
            @{ Name = 'a folder'; Where = '.' }
            @{ Name = 'a full disk'; Where = '/dev/full' }
            @{ Name = 'a read-only file'; Where = 'readonly.journal' }
        ) {
            if ($Where -eq '/dev/full' -and -not $IsLinux) { Set-ItResult -Skipped -Because 'only Linux has a disk that is always full' }
            $path = Export-NumberedRow 'unwritable.csv' 5
            $where = if ($Where.StartsWith('/')) { $Where } else { Join-Path -Path $TestDrive -ChildPath $Where }
            if ($Name -eq 'a read-only file') {
                [System.IO.File]::WriteAllText($where, '')
                (Get-Item -LiteralPath $where).IsReadOnly = $true
                if ($IsLinux -and (& id -u) -eq 0) { Set-ItResult -Skipped -Because 'root may write everything' }
            }
            $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path -JournalPath $where }
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalUnwritable,*'
            $problem.CategoryInfo.Category | Should -Be 'WriteError'
            $problem.Exception.Message | Should -Match ([regex]::Escape($where.TrimEnd('.', '/', '\')))
            Get-SubmitCount | Should -Be 0
        }

        It 'is refused with id <Id>' -ForEach @(
            @{ Id = 'JournalOtherSettings'; Category = 'InvalidOperation'; Says = "-MaxBatchRows was '10' and is '20'"; Change = { @{ MaxBatchRows = 20 } } }
            @{ Id = 'JournalOtherSource'; Category = 'InvalidOperation'; Says = 'incomplete\.csv'; Change = { $null = Export-NumberedRow 'incomplete.csv' 60; @{} } }
            @{ Id = 'JournalDamaged'; Category = 'InvalidData'; Says = 'damaged in line 1'; Change = { [System.IO.File]::WriteAllText($journal, 'x' + [System.IO.File]::ReadAllText($journal)); @{} } }
        ) {
            $path = Export-NumberedRow 'incomplete.csv' 55
            $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10 | Select-Object -First 1
            $before = Get-SendingCount
            $change = & $Change
            $settings = @{ LiteralPath = $path; JournalPath = $journal; MaxBatchRows = 10; WarningAction = 'SilentlyContinue' }
            foreach ($name in $change.Keys) { $settings[$name] = $change[$name] }
            $problem = Get-TerminatingError { Send-TargetProfileBatch @settings }
            $problem.FullyQualifiedErrorId | Should -BeLike "$Id,*"
            $problem.CategoryInfo.Category | Should -Be $Category
            $problem.Exception.Message | Should -Match $Says
            $problem.Exception.Message | Should -Match '-Restart'
            Get-SendingCount | Should -Be $before

            $old = [System.IO.File]::ReadAllText($journal)
            (Send-TargetProfileBatch @settings -Restart | Measure-Object -Property Rows -Sum).Sum | Should -BeGreaterOrEqual 55
            [System.IO.File]::ReadAllText([System.IO.Path]::ChangeExtension($journal, '.2.journal')) | Should -BeExactly $old
        }

        It 'is not touched where it is another file' {
            $path = Export-NumberedRow 'source.csv' 5
            $text = [System.IO.File]::ReadAllText($path)
            $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path -JournalPath $path }
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalDamaged,*'
            $problem.Exception.Message | Should -Match 'is no journal'
            [System.IO.File]::ReadAllText($path) | Should -BeExactly $text
        }

        It 'has to be named where -<Switch> is given' -ForEach @(@{ Switch = 'Restart' }, @{ Switch = 'Resend' }) {
            $given = @{ $Switch = $true }
            $problem = Get-TerminatingError { [pscustomobject] @{ thirdPartyId = 'a'; b = 1 } | Send-TargetProfileBatch @given }
            $problem.FullyQualifiedErrorId | Should -BeLike 'JournalPathMissing,*'
        }
    }

    Context 'Where the journal stands' {
        It 'counts from the location of the session' {
            $path = Export-NumberedRow 'located.csv' 5
            Push-Location -LiteralPath $TestDrive
            try {
                $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath located.journal -RejectedPath located-rejected.csv
                (Get-TargetProfileBatch located.journal).Rows | Should -Be 5
            }
            finally {
                Pop-Location
            }
            Join-Path -Path $TestDrive -ChildPath 'located.journal' | Should -Exist
        }

        It 'is on a disk' {
            $problem = Get-TerminatingError { [pscustomobject] @{ thirdPartyId = 'a'; b = 1 } | Send-TargetProfileBatch -JournalPath env:journal }
            $problem.FullyQualifiedErrorId | Should -BeLike 'NotAFileSystemPath,*'
        }

        It 'is nowhere with -WhatIf' {
            $path = Export-NumberedRow 'whatif.csv' 5
            Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -WhatIf
            $journal | Should -Not -Exist
        }
    }

    Context 'Get-TargetProfileBatch' {
        BeforeEach {
            $path = Export-NumberedRow 'read.csv' 25
            $sent = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -MaxBatchRows 10
        }

        It 'writes the batches that were sent, with what the run said of them' {
            $read = Get-TargetProfileBatch $journal -WarningVariable said -WarningAction SilentlyContinue
            $said | Should -BeNullOrEmpty
            foreach ($name in 'Number', 'State', 'BatchId', 'StatusUri', 'Rows', 'Bytes', 'FirstRow', 'LastRow', 'Sha256', 'ApiVersion', 'Attempts') {
                $read.$name | Should -Be $sent.$name -Because $name
            }
        }

        It 'feeds Get-TargetBatchStatus' {
            ((Get-TargetProfileBatch -JournalPath $journal | Get-TargetBatchStatus -Wait).State | Sort-Object -Unique) | Should -Be 'Complete'
        }

        It 'takes journals from Get-ChildItem' {
            (Get-Item -LiteralPath $journal | Get-TargetProfileBatch).Count | Should -Be 3
        }

        It 'reads the journal of a run that goes on, and warns that it is not complete' {
            $going = "$journal.going"
            $seen = 1..3 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "U$_"; tier = 'x' } } | Send-TargetProfileBatch -JournalPath $going -MaxBatchRows 1 -ThrottleLimit 1 | ForEach-Object {
                if ($_.Number -eq 1) { Get-TargetProfileBatch $going -WarningVariable said -WarningAction SilentlyContinue }
            }
            $seen[0].State | Should -Be 'Accepted'
            "$said" | Should -Match 'is not complete. If it is not going on just now'
        }

        It 'ends with <Id> for <Name>' -ForEach @(
            @{ Name = 'a missing file'; Id = 'FileNotFound'; File = 'nowhere.journal' }
            @{ Name = 'a file that is no journal'; Id = 'JournalDamaged'; File = 'read.csv' }
        ) {
            (Get-TerminatingError { Get-TargetProfileBatch (Join-Path -Path $TestDrive -ChildPath $File) }).FullyQualifiedErrorId | Should -BeLike "$Id,*"
        }

        It 'says so where the journal is empty' {
            $empty = Export-TestFile 'empty.journal' ''
            Get-TargetProfileBatch $empty -WarningVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            "$said" | Should -Match 'is empty'
        }
    }

    Context 'docs/journal.md' {
        It 'has an example that reads as its text says' {
            $page = [System.IO.File]::ReadAllText((Join-Path -Path $PSScriptRoot -ChildPath '../../docs/journal.md'))
            $example = Export-TestFile 'example.journal' ([regex]::Match($page, '```json\n(.*?)```', 'Singleline').Groups[1].Value)
            (Get-TargetProfileBatch $example -SummaryVariable sum).Rows | Should -Be @(2, 1)
            "$sum" | Should -BeLike 'Read 5 = Accepted 3 + Rejected 1 + Empty 1 + *'
        }

        It 'names everything that a run records' {
            $path = Export-NumberedRow 'named.csv' 5 -BadEvery 2
            $null = Send-TargetProfileBatch -LiteralPath $path -JournalPath $journal -RejectedPath "$journal.csv"
            $page = [System.IO.File]::ReadAllText((Join-Path -Path $PSScriptRoot -ChildPath '../../docs/journal.md'))
            $records = [System.IO.File]::ReadAllLines($journal) | ConvertFrom-Json
            $records.type | Sort-Object -Unique | Should -Be @('accepted', 'cover', 'end', 'rejects', 'run', 'sending', 'source', 'sourceEnd')
            foreach ($name in $records | ForEach-Object { $_.PSObject.Properties.Name } | Sort-Object -Unique) {
                $page | Should -Match "\| ``$name`` \|" -Because $name
            }
            foreach ($name in $records[0].settings.PSObject.Properties.Name | Where-Object { $_ -notin '-ClientCode', '-Endpoint' }) {
                (Get-Command Send-TargetProfileBatch).Parameters.Keys | Should -Contain $name.Substring(1)
            }
        }
    }
}
