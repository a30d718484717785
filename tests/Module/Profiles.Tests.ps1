BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0
    $null = @{ thirdPartyId = 'U1'; grade = 'gold' }, @{ thirdPartyId = 'U2'; grade = 'red' } | Send-TargetProfileBatch
    $null = $emulator.WaitForIdle([timespan]::FromSeconds(10))
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

    It 'gives up waiting with an error after its object' {
        $emulator.Options.ProcessingDelay = [timespan]::FromHours(1)
        try {
            $batch = @{ thirdPartyId = 'U1'; a = 1 } | Send-TargetProfileBatch
            $status = $batch | Get-TargetBatchStatus -Wait -TimeoutSec 1 -ErrorVariable problem -ErrorAction SilentlyContinue
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
