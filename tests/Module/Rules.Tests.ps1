BeforeAll {
    . $PSScriptRoot/Common.ps1
    $mistakes = Join-Path -Path $PSScriptRoot -ChildPath '../../samples/loyalty-members-with-mistakes.csv'
}

Describe 'Test-TargetProfileBatch' {
    It 'lists what is wrong with a file, without a connection' {
        $findings = Test-TargetProfileBatch -LiteralPath $mistakes -ExcludeRule value.comma
        $findings.Count | Should -Be 9
        $findings[0].Row | Should -Be 12
        $findings[0].Line | Should -Be 13
        $findings[0].Rule | Should -Be 'id.missing'
        $findings.Severity | Sort-Object -Unique | Should -Be 'Error'
    }

    It 'checks rows of the pipeline, and says yes or no with -Quiet' {
        @{ thirdPartyId = 'A1'; tier = 'gold' } | Test-TargetProfileBatch -Quiet | Should -BeTrue
        @{ thirdPartyId = 'NULL'; tier = 'gold' } | Test-TargetProfileBatch -Quiet | Should -BeFalse
        @{ thirdPartyId = 'NULL'; tier = 'gold' } | Test-TargetProfileBatch -Quiet -ExcludeRule id.placeholder | Should -BeTrue
        (@{ thirdPartyId = 'A1'; tier = 'gold, plus' } | Test-TargetProfileBatch).Severity | Should -Be 'Warning'
    }

    It 'says with -Verbose what it came to, and writes nothing if all is well' {
        $said = @{ thirdPartyId = 'A1'; tier = 'gold' } | Test-TargetProfileBatch -Verbose 4>&1
        $said | Should -BeOfType System.Management.Automation.VerboseRecord
        "$($said[-1])" | Should -BeExactly '1 row checked: 0 errors, 0 warnings.'
    }

    It 'checks finished batch files' {
        $path = Join-Path -Path $TestDrive -ChildPath 'batch.txt'
        [System.IO.File]::WriteAllText($path, "batch=thirdPartyId,a`r`nU1,x`r`n")
        (Test-TargetProfileBatch -BatchPath $path).Rule | Should -Be 'batch.line-end'
        [System.IO.File]::WriteAllText($path, "batch=thirdPartyId,a`nU1,x y`n")
        $finding = Test-TargetProfileBatch -BatchPath $path
        $finding.Rule | Should -Be 'batch.unencoded'
        $finding.Line | Should -Be 2
    }

    It 'says which rules can be excluded' {
        $problem = Get-TerminatingError { @{ thirdPartyId = 'A1'; a = 1 } | Test-TargetProfileBatch -ExcludeRule id.missing }
        $problem.Exception.Message | Should -Match 'cannot be turned off'
        $problem.Exception.Message | Should -Match 'value.comma'
    }

    It 'offers the rules for completion' {
        $line = 'Test-TargetProfileBatch -ExcludeRule value.d'
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Be 'value.decimal-comma'
    }
}

Describe 'Rejected rows' {
    BeforeAll {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0
    }

    AfterAll {
        $emulator | Stop-TargetEmulator
    }

    It 'go to the file, are no errors then, and can be sent again once corrected' {
        $rejected = Join-Path -Path $TestDrive -ChildPath 'rejected.csv'
        $batch = Send-TargetProfileBatch -LiteralPath $mistakes -RejectedPath $rejected -ErrorVariable problem -WarningVariable said -WarningAction SilentlyContinue
        $batch.Rows | Should -Be 191
        $problem | Should -BeNullOrEmpty
        "$said" | Should -Match '9 rows were rejected'
        $corrected = Export-TestFile 'corrected.csv' ((Get-Content -LiteralPath $rejected -TotalCount 1), 'LM-99,gold,1,Shop,Rome,books,2026-01-01,true,1.50,fixed,35,was wrong' -join "`n")
        (Send-TargetProfileBatch -LiteralPath $corrected).Rows | Should -Be 1
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $stored = (Get-TargetProfile LM-99).Attributes
        $stored['note'] | Should -Be 'fixed'
        $stored.Keys | Where-Object { $_ -like '#*' } | Should -BeNullOrEmpty
    }

    It 'do not end a run that wants every error to stop it' {
        $rejected = Join-Path -Path $TestDrive -ChildPath 'rejected-stop.csv'
        $rows = @{ thirdPartyId = 'a+b'; x = 1 }, @{ thirdPartyId = 'ok'; x = 1 }
        ($rows | Send-TargetProfileBatch -RejectedPath $rejected -ErrorAction Stop -WarningAction SilentlyContinue).Rows | Should -Be 1
    }

    It 'stop a run that is mostly wrong' {
        $problem = Get-TerminatingError { 1..50 | ForEach-Object { @{ thirdPartyId = 'a+b'; x = 1 } } | Send-TargetProfileBatch -MaxRejected 10 -ErrorAction SilentlyContinue }
        $problem.Exception.Message | Should -Match 'More than 10 rows'
    }

    It 'hash what must not stand in a profile in clear' {
        $null = @{ email = ' Anna@Example.COM '; tier = 'gold' } | Send-TargetProfileBatch -IdProperty email -HashProperty email
        $expected = [System.BitConverter]::ToString([System.Security.Cryptography.SHA256]::Create().ComputeHash([System.Text.Encoding]::UTF8.GetBytes('anna@example.com'))).Replace('-', '').ToLowerInvariant()
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $emulator.FindByThirdPartyId($expected).Attributes['tier'] | Should -Be 'gold'
    }
}
