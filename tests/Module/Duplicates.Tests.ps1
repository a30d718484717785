BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0
    $text = "thirdPartyId,city,tier`n{0}1,Rome,gold`n{0}1,Oslo,`n{0}2,Bern,red`n"

    function Get-Stored {
        param([string] $Id)
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $emulator.FindByThirdPartyId($Id).Attributes
    }
}

AfterAll {
    $emulator | Stop-TargetEmulator
}

Describe 'Rows of the same id' {
    It 'are rejected by default in a pipeline, with the row that they repeat' {
        $rows = ConvertFrom-Csv ($text -f 'p')
        $batch = $rows | Send-TargetProfileBatch -ErrorVariable problem -ErrorAction SilentlyContinue
        $batch.Rows | Should -Be 2
        $problem[0].TargetObject.Rule | Should -Be 'id.duplicate'
        $problem[0].Exception.Message | Should -Match 'The id stands in row 1 already'
        $problem[0].Exception.Message | Should -Not -Match 'p1|Oslo'
        (Get-Stored 'p1')['city'] | Should -Be 'Rome'
    }

    It 'cannot be merged in a pipeline' {
        $problem = Get-TerminatingError { ConvertFrom-Csv ($text -f 'x') | Send-TargetProfileBatch -DuplicateIdAction Merge }
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidSetting*'
        $problem.Exception.Message | Should -Match 'Merge needs files'
    }

    It 'are merged by default in a file' {
        $path = Export-TestFile 'merged.csv' ($text -f 'm')
        (Send-TargetProfileBatch -LiteralPath $path -SummaryVariable sum).Rows | Should -Be 2
        $sum.Merged | Should -Be 1
        (Get-Stored 'm1')['city'] | Should -Be 'Oslo'
        (Get-Stored 'm1')['tier'] | Should -Be 'gold'
    }

    It 'are merged across <Name>' -ForEach @(
        @{ Name = 'files of Get-ChildItem'; Id = 'g'; Send = { param($files) Get-ChildItem -LiteralPath $files | Send-TargetProfileBatch -SummaryVariable sum } }
        @{ Name = 'several paths'; Id = 's'; Send = { param($files) Send-TargetProfileBatch -Path $files -SummaryVariable sum } }
    ) {
        $first = Export-TestFile "1-$Id.csv" ($text -f $Id)
        $second = Export-TestFile "2-$Id.csv" "tier,thirdPartyId`nblue,${Id}1`n"
        $batch = . $Send @($first, $second)
        $batch.Rows | Should -Be 2
        $sum.Merged | Should -Be 2
        (Get-Stored "${Id}1")['tier'] | Should -Be 'blue'
    }

    It 'are sent with a warning where that is asked for' {
        $path = Export-TestFile 'warned.csv' ($text -f 'w')
        (Send-TargetProfileBatch -LiteralPath $path -DuplicateIdAction Warn -WarningVariable said -WarningAction SilentlyContinue).Rows | Should -Be 3
        "$said" | Should -Match 'The id stands in row 1 already'
    }

    It 'are told by a check, and are no reason to fail it' {
        $path = Export-TestFile 'checked.csv' ($text -f 'c')
        $finding = Test-TargetProfileBatch -LiteralPath $path
        $finding.Rule | Should -Be 'id.duplicate'
        $finding.Severity | Should -Be 'Warning'
        $finding.Row | Should -Be 2
        Test-TargetProfileBatch -LiteralPath $path -Quiet | Should -BeTrue
    }

    It 'are part of the plan' {
        $path = Export-TestFile 'planned.csv' ($text -f 'q')
        $said = Send-TargetProfileBatch -LiteralPath $path -WhatIf -SummaryVariable sum 6>&1
        $said | Should -BeNullOrEmpty
        $sum.Merged | Should -Be 1
    }
}
