# Compare-TargetProfile and the canary, in a real PowerShell.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0
    $rows = @(
        [pscustomobject] @{ thirdPartyId = 'U1'; points = 1; since = [datetime]::new(2026, 1, 31, 0, 0, 0, [System.DateTimeKind]::Utc); isMember = $true; stores = 'Graz', 'Perth' }
        [pscustomobject] @{ thirdPartyId = 'U2'; points = 2.5; since = $null; isMember = $false; stores = @() }
    )
    $null = $rows | Send-TargetProfileBatch | Get-TargetBatchStatus -Wait
    $members = Join-Path -Path $RepositoryPath -ChildPath 'samples/loyalty-members.csv'
}

AfterAll {
    Disconnect-TargetService
    Stop-TargetEmulator
}

Describe 'Compare-TargetProfile' {
    It 'writes nothing where typed rows of the pipeline have arrived, and counts them' {
        $rows | Compare-TargetProfile -TimeoutSec 0 -SummaryVariable found -WarningVariable warnings | Should -BeNullOrEmpty
        $found.Compared, $found.Match, $found.IsMatch | Should -Be 2, 2, $true
        $warnings | Should -BeNullOrEmpty
    }

    It 'writes rows that match with -IncludeEqual' {
        $equal = @($rows | Compare-TargetProfile -TimeoutSec 0 -IncludeEqual)
        $equal.Outcome | Should -Be 'Match', 'Match'
        $equal.Row | Should -Be 1, 2
    }

    It 'tells names, expected and found values, and warns with the counts alone' {
        $changed = [pscustomobject] @{ thirdPartyId = 'U1'; points = 7; tier = 'gold' }, [pscustomobject] @{ thirdPartyId = 'nobody'; points = 1 }
        $compared = $changed | Compare-TargetProfile -TimeoutSec 0 -WarningVariable warnings -WarningAction SilentlyContinue
        $compared.Outcome | Should -Be 'Different', 'NotYet'
        $compared[0].DifferentAttributes | Should -Be 'points', 'tier'
        $compared[0].Expected['points'], $compared[0].Found['points'] | Should -Be '7', '1'
        $compared[0].Found.ContainsKey('tier') | Should -BeFalse
        "$warnings" | Should -BeExactly '2 rows compared: 1 different, 1 not there yet.'
    }

    It 'calls a profile missing once the time is over' {
        [pscustomobject] @{ thirdPartyId = 'nobody'; points = 1 } | Compare-TargetProfile -TimeoutSec 1 -WarningAction SilentlyContinue |
            ForEach-Object Outcome | Should -Be 'Missing'
    }

    It 'survives CLIXML with its values' {
        $compared = [pscustomobject] @{ thirdPartyId = 'U1'; points = 7 } | Compare-TargetProfile -TimeoutSec 0 -WarningAction SilentlyContinue
        $path = Join-Path -Path $TestDrive -ChildPath 'compared.clixml'
        $compared | Export-Clixml -LiteralPath $path
        $back = Import-Clixml -LiteralPath $path
        $back.Outcome -eq 'Different' | Should -BeTrue
        $back.DifferentAttributes | Should -Be 'points'
        $back.Expected['points'], $back.Found['points'] | Should -Be '7', '1'
        $back.CheckedAt.Kind | Should -Be 'Utc'
        ($back | Format-Table | Out-String) | Should -Match 'points: 1, not 7'
    }

    It 'goes on to Get-TargetProfile' {
        $profile = [pscustomobject] @{ thirdPartyId = 'U1'; points = 7 } | Compare-TargetProfile -TimeoutSec 0 -WarningAction SilentlyContinue | Get-TargetProfile
        $profile.Attributes['points'] | Should -Be '1'
    }

    It 'ends with one error where no profile can be fetched' {
        $emulator.Options.Token = 'right'
        try {
            $failure = Get-TerminatingError { $rows | Compare-TargetProfile -WarningAction SilentlyContinue }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TokenRejected,*'
            "$failure $($failure.ErrorDetails.RecommendedAction)" | Should -Not -Match 'U1|Graz'
        }
        finally {
            $emulator.Options.Token = [NullString]::Value
        }
    }

    It 'refuses a journal that is not there, and text' {
        (Get-TerminatingError { $rows | Compare-TargetProfile -JournalPath TestDrive:/none.journal }).FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        (Get-TerminatingError { 'U1' | Compare-TargetProfile }).FullyQualifiedErrorId | Should -BeLike 'TextInsteadOfRows,*'
    }

    It 'compares the same sample of a file again, and adds the counts to the journal' {
        $journal = Join-Path -Path $TestDrive -ChildPath 'members.journal'
        $null = Send-TargetProfileBatch -LiteralPath $members -JournalPath $journal | Get-TargetBatchStatus -Wait
        $first = Compare-TargetProfile -LiteralPath $members -SampleSize 20 -Seed 5 -IncludeEqual -JournalPath $journal
        $second = Compare-TargetProfile $members -SampleSize 20 -Seed 5 -IncludeEqual
        $first.Count | Should -Be 20
        $second.Row | Should -Be $first.Row
        [System.IO.File]::ReadAllLines($journal)[-1] | Should -Match '"type":"compared".*"rows":20,"match":20,.*"sampleSize":20,"seed":5'
        Send-TargetProfileBatch -LiteralPath $members -JournalPath $journal -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'stops where the pipeline does' {
        $rows | Compare-TargetProfile -IncludeEqual | Select-Object -First 1 | ForEach-Object Row | Should -Be 1
    }
}

Describe 'Send-TargetProfileBatch -Canary' {
    It 'sends the first rows, then the others' {
        $batches = 1..5 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "C$_"; points = $_ } } | Send-TargetProfileBatch -Canary 2
        $batches.Rows | Should -Be 2, 3
    }

    It 'sends nothing more if they are lost' {
        $emulator.Options.LossRate = 1
        try {
            $failure = Get-TerminatingError { 1..5 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "L$_"; points = $_ } } | Send-TargetProfileBatch -Canary 2 -TimeoutSec 1 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'CanaryNotArrived,*'
            $failure.Exception.Message | Should -Match '2 rows compared: 2 missing'
            $emulator.Batches[-1].Rows | Should -Be 2
        }
        finally {
            $emulator.Options.LossRate = 0
        }
    }

    It 'tells of it with -WhatIf and sends nothing' {
        $calls = $emulator.Requests.Count
        $log = Join-Path -Path $TestDrive -ChildPath 'plan.log'
        $session = [powershell]::Create().AddScript({
                param($modulePath, $path, $log)
                Import-Module $modulePath
                Start-Transcript -Path $log | Out-Null
                Send-TargetProfileBatch -LiteralPath $path -Canary 100 -WhatIf
                Stop-Transcript | Out-Null
            }).AddArgument($ModulePath).AddArgument($members).AddArgument($log)
        $null = $session.Invoke()
        $session.Dispose()
        (Get-Content -LiteralPath $log -Raw) -replace '\s+', ' ' | Should -Match 'in 2 batches .*The first 100 rows would go alone'
        $emulator.Requests.Count | Should -Be $calls
    }

    It 'is for rows, not for finished batch files' {
        { Send-TargetProfileBatch -BatchPath x -Canary 2 } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}
