BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Set-TargetProfile' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
        $emulator.AddProfile([NullString]::Value, 'here')
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'looks for a profile first with -Verify, and names the row of one that is not there' {
        $rows = @{ thirdPartyId = 'here'; tier = 'gold' }, @{ thirdPartyId = 'nobody-3f1'; tier = 'gold' }
        $updates = $rows | Set-TargetProfile -Verify -PassThru -SummaryVariable sum -ErrorVariable problem -ErrorAction SilentlyContinue
        $updates.ThirdPartyId | Should -Be 'here'
        $sum.Submitted, $sum.NotFound, $sum.NotSent | Should -Be @(1, 1, 0)
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
        $problem[0].Exception.Message | Should -BeLike 'Row 2: *'
        $problem[0].TargetObject | Should -Be 'row 2'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'Send-TargetProfileBatch'
        "$($problem[0] | Format-List -Property * -Force | Out-String)" | Should -Not -Match 'nobody-3f1'
        @($emulator.Requests | Where-Object Target -Like '*update*').Count | Should -Be 1
    }

    It 'takes success for a profile that does not exist without -Verify, as Target tells it' {
        (Set-TargetProfile nobody @{ tier = 'gold' } -PassThru).ThirdPartyId | Should -Be 'nobody'
    }

    It 'ends with a server that is down, and tells from which row to send again' {
        $emulator | Stop-TargetEmulator
        $problem = try {
            1..100 | ForEach-Object { @{ thirdPartyId = "U$_"; tier = 'gold' } } | Set-TargetProfile -SummaryVariable sum -ErrorAction SilentlyContinue
        }
        catch {
            $_
        }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionFailed,*'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'send all rows again'
        $sum.Failed | Should -Be 3
        $sum.SourceEnded | Should -BeFalse
    }

    It 'counts every row' {
        $rows = @{ thirdPartyId = 'here'; tier = 'gold' }, $null, @{ tier = 'no id' }
        $said = $rows | Set-TargetProfile -SummaryVariable sum -Verbose -ErrorAction SilentlyContinue 4>&1
        "$said" | Should -Match 'Read 3 = Submitted 1 \+ Rejected 2 '
        $sum.IsComplete | Should -BeFalse
        $sum | Format-Table | Out-String -Width 200 | Should -Match 'Read +Submitted +Rejected +NotFound'
        $sum | Format-List | Out-String | Should -Match '(?m)^Submitted +: 1'
        $path = Join-Path -Path $TestDrive -ChildPath 'sum.xml'
        $sum | Export-Clixml -LiteralPath $path
        (Import-Clixml -LiteralPath $path).NotSent | Should -Be 0
    }
}

Describe 'A list among the rows' {
    BeforeAll {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
        $emulator | Connect-TargetService -CallsPerMinute 0
        $null = $emulator.AddProfile('U1'), $emulator.AddProfile($null, 'U3')
        $list = @(@{ thirdPartyId = 'U1'; a = 1 }, $null, @(, @{ thirdPartyId = 'U3'; a = 1 }))
    }

    AfterAll {
        $emulator | Stop-TargetEmulator
    }

    # The list itself comes down the pipeline, not what is in it.
    It 'is what is in it to <Name>, and a null in it is a row that is rejected' -ForEach @(
        @{ Name = 'Send-TargetProfileBatch'; Script = { , $list | Send-TargetProfileBatch -ErrorVariable +problem -ErrorAction SilentlyContinue }; Expected = { $result.Rows | Should -Be 2 } }
        @{ Name = 'Set-TargetProfile'; Script = { , $list | Set-TargetProfile -PassThru -ErrorVariable +problem -ErrorAction SilentlyContinue }; Expected = { $result.ThirdPartyId | Should -Be @('U1', 'U3') } }
        @{ Name = 'Get-TargetProfile'; Script = { , $list | Get-TargetProfile -ErrorVariable +problem -ErrorAction SilentlyContinue }; Expected = { $result.ThirdPartyId | Should -Be @('U1', 'U3') } }
    ) {
        $problem = @()
        $result = . $Script
        . $Expected
        $problem.Count | Should -Be 1
        $problem[0].Exception.Message | Should -Match '^Row 2.*row.not-an-object'
    }
}
