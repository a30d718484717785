BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -NoThrottle
    $emulator | Connect-TargetService -CallsPerMinute 0
    $rows = Get-HardRow -Count 500
    $csvPath = Join-Path -Path $TestDrive -ChildPath 'crm.csv'
    $rows | Export-Csv -LiteralPath $csvPath -Encoding utf8NoBOM
}

AfterAll {
    $emulator | Stop-TargetEmulator
}

Describe 'The main job' {
    It 'brings every row of Import-Csv into Target, attribute by attribute' {
        $status = Import-Csv -LiteralPath $csvPath | Send-TargetProfileBatch -IdProperty customerID | Get-TargetBatchStatus -Wait -Detailed
        $status.State | Should -Be 'Complete'
        $status.SuccessfulUpdates | Should -Be 500

        $source = Import-Csv -LiteralPath $csvPath
        $profiles = @{}
        $source.customerID | Get-TargetProfile | ForEach-Object { $profiles[$_.ThirdPartyId] = $_ }
        foreach ($row in $source) {
            $expected = $row.PSObject.Properties | Where-Object { $_.Name -ne 'customerID' -and $_.Value -ne '' }
            $found = $profiles[$row.customerID].Attributes
            $found.Count | Should -Be @($expected).Count
            foreach ($property in $expected) {
                $found[$property.Name] | Should -BeExactly $property.Value
            }
        }
    }

    It 'sends the same bytes through the pipeline and from the file' {
        $before = @(Get-BodyHash $emulator).Count
        $null = Import-Csv -LiteralPath $csvPath | Send-TargetProfileBatch -IdProperty customerID
        $null = Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID
        $null = Send-TargetProfileBatch $csvPath -IdProperty customerID
        $hashes = @(Get-BodyHash $emulator) | Select-Object -Skip $before
        $hashes.Count | Should -Be 3
        @($hashes | Sort-Object -Unique).Count | Should -Be 1
    }

    It 'writes one object per batch, in order, that says what became of it' {
        $batches = Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -MaxBatchRows 90 -ThrottleLimit 4
        $batches.Number | Should -Be (1..6)
        $batches.Rows | Should -Be @(90, 90, 90, 90, 90, 50)
        $batches[1].FirstRow | Should -Be 91
        $batches[1].LastRow | Should -Be 180
        $batches.State | Sort-Object -Unique | Should -Be 'Accepted'
        $batches[0].BatchId | Should -Match '^acme-\d+-\d+$'
        $batches[0].SubmittedAt.Kind | Should -Be 'Utc'
    }

    It 'accounts for every row' {
        $null = Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -SummaryVariable accounting
        $accounting.Read | Should -Be 500
        $accounting.Accepted | Should -Be 500
        $accounting.IsBalanced | Should -BeTrue
        $accounting.IsComplete | Should -BeTrue
    }

    It 'does not let statuses hold up submits' {
        $emulator.Options.ProcessingDelay = [timespan]::FromHours(1)
        try {
            $before = $emulator.Batches.Count
            $shell = [powershell]::Create().AddScript({
                    param($modulePath, $endpoint, $csvPath)
                    Import-Module $modulePath
                    Connect-TargetService acme -Endpoint $endpoint -CallsPerMinute 0
                    Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -MaxBatchRows 50 | Get-TargetBatchStatus -Wait
                }).AddArgument($ModulePath).AddArgument($emulator.Endpoint).AddArgument($csvPath)
            $null = $shell.BeginInvoke()
            Wait-Until { $emulator.Batches.Count -ge $before + 10 }
            $emulator.Batches.Count | Should -Be ($before + 10)
            $shell.Stop()
            $shell.Dispose()
        }
        finally {
            $emulator.Options.ProcessingDelay = [timespan]::FromMilliseconds(200)
            $emulator.ProcessNow()
        }
    }

    It 'sends a finished batch file as it is' {
        $path = Export-TestFile 'batch.txt' "batch=thirdPartyId,grade`nfile-1,gold%20plus`nfile-2,w10%7Cw32`n"
        $batch = Send-TargetProfileBatch -BatchPath $path
        $batch.Rows | Should -Be 2
        $batch.Bytes | Should -Be ([System.IO.FileInfo] $path).Length
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        (Get-TargetProfile file-1).Attributes['grade'] | Should -Be 'gold plus'
    }
}

Describe 'Progress' {
    It 'tells rows and batches, and ends' {
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $endpoint, $csvPath)
                Import-Module $modulePath
                Connect-TargetService acme -Endpoint $endpoint -CallsPerMinute 0
                Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID
            }).AddArgument($ModulePath).AddArgument($emulator.Endpoint).AddArgument($csvPath)
        $null = $shell.Invoke()
        $records = @($shell.Streams.Progress | Where-Object Activity -Like 'Sending profiles*')
        $records[-1].RecordType | Should -Be 'Completed'
        $records[0].StatusDescription | Should -Match 'rows'
        $shell.Dispose()
    }
}
