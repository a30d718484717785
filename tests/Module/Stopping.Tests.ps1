BeforeAll {
    . $PSScriptRoot/Common.ps1
    $csvPath = Join-Path -Path $TestDrive -ChildPath 'rows.csv'
    Get-HardRow -Count 2000 | Export-Csv -LiteralPath $csvPath -Encoding utf8NoBOM

    # Runs a script in a runspace of its own, and stops it once the emulator has logged what it should.
    function Measure-Stop {
        param($Emulator, [string] $Script, [scriptblock] $IsReady)
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $endpoint, $script)
                Import-Module $modulePath
                Connect-TargetService acme -Endpoint $endpoint -CallsPerMinute 0 -OperationTimeoutSec 3600
                & ([scriptblock]::Create($script))
            }).AddArgument($ModulePath).AddArgument($Emulator.Endpoint).AddArgument($Script)
        $null = $shell.BeginInvoke()
        Wait-Until $IsReady
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $milliseconds = $watch.ElapsedMilliseconds
        $requests = $Emulator.Requests.Count
        $live = [TargetProfiles.Sending.SendRun]::LiveCount
        $shell.Dispose()
        [pscustomobject] @{ Milliseconds = $milliseconds; Requests = $requests; Live = $live }
    }
}

Describe 'Ctrl+C' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'returns at once <Phase>' -ForEach @(
        @{ Phase = 'while an upload stalls'; Fault = @{ Kind = 'StallAfterBytes'; On = 'Submit'; AfterBytes = 1000 }; Script = 'Import-Csv $csvPath | Send-TargetProfileBatch -IdProperty customerID'; Ready = { [TargetProfiles.Sending.SendRun]::LiveCount -gt 0 } }
        @{ Phase = 'while a reply is awaited'; Fault = @{ Kind = 'DelayedReply'; On = 'Submit'; Delay = '00:05:00' }; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID'; Ready = { [TargetProfiles.Sending.SendRun]::LiveCount -gt 0 } }
        @{ Phase = 'while waiting after a 503'; Fault = @{ Kind = 'EarlyReply'; On = 'Submit'; StatusCode = 503; Times = 0 }; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID'; Ready = { $emulator.Requests.Count -gt 0 } }
        @{ Phase = 'while rows come in'; Fault = $null; Script = 'foreach ($i in 1..100000000) { [pscustomobject] @{ thirdPartyId = $i; a = 1 } }'; Ready = { $emulator.Requests.Count -gt 3 }; Tail = ' | Send-TargetProfileBatch -MaxBatchRows 100' }
        @{ Phase = 'while a status is awaited'; Fault = @{ Kind = 'ServerError'; On = 'Status'; RetryAfter = '500'; SkipFirst = 1 }; Slow = $true; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID | Get-TargetBatchStatus -Wait'; Ready = { @($emulator.Requests | Where-Object Target -Like '*batchStatus*').Count -gt 1 } }
        @{ Phase = 'while a pipe is read that nobody writes to'; Fault = $null; Pipe = $true; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath.pipe -IdProperty customerID'; Ready = { [TargetProfiles.Sending.SendRun]::LiveCount -gt 0 } }
        @{ Phase = 'while a profile is fetched'; Fault = @{ Kind = 'DelayedReply'; On = 'Fetch'; Delay = '00:05:00'; SkipFirst = 1 }; Script = '''a'', ''b'', ''c'' | Get-TargetProfile -ThrottleLimit 1 -ErrorAction SilentlyContinue'; Ready = { $emulator.Requests.Count -gt 0 } }
        @{ Phase = 'while rows are waited for'; Fault = @{ Kind = 'ServerError'; On = 'Fetch'; RetryAfter = '500'; SkipFirst = 3 }; Script = '1..3 | ForEach-Object { @{ thirdPartyId = $_; a = 1 } } | Compare-TargetProfile'; Ready = { $emulator.Requests.Count -gt 3 } }
        @{ Phase = 'while the status of a canary is awaited'; Fault = @{ Kind = 'ServerError'; On = 'Status'; RetryAfter = '500'; SkipFirst = 1 }; Slow = $true; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -Canary 10'; Ready = { @($emulator.Requests | Where-Object Target -Like '*batchStatus*').Count -gt 1 } }
        @{ Phase = 'while the rows of a canary are waited for'; Fault = @{ Kind = 'ServerError'; On = 'Fetch'; RetryAfter = '500'; SkipFirst = 10 }; Lost = $true; Script = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -Canary 10'; Ready = { @($emulator.Requests | Where-Object Target -Like '*/profiles/*').Count -gt 10 } }
        @{ Phase = 'while a profile is looked for'; Fault = @{ Kind = 'DelayedReply'; On = 'Fetch'; Delay = '00:05:00'; SkipFirst = 1 }; Script = '1..3 | ForEach-Object { @{ thirdPartyId = $_; a = 1 } } | Set-TargetProfile -Verify -ThrottleLimit 1 -ErrorAction SilentlyContinue'; Ready = { $emulator.Requests.Count -gt 0 } }
        @{ Phase = 'while a profile is updated'; Fault = @{ Kind = 'DelayedReply'; On = 'Update'; Delay = '00:05:00'; SkipFirst = 1 }; Script = '1..3 | ForEach-Object { @{ thirdPartyId = $_; a = 1 } } | Set-TargetProfile -ThrottleLimit 1'; Ready = { $emulator.Requests.Count -gt 0 } }
    ) {
        if ($Fault) { Add-WireFault $emulator $Fault }
        if ($Pipe -and $IsWindows) { Set-ItResult -Skipped -Because 'named pipes in the file system are made with mkfifo' }
        if ($Pipe) { & mkfifo "$csvPath.pipe" }
        if ($Slow) { $emulator.Options.ProcessingDelay = [timespan]::FromHours(1) }
        if ($Lost) { $emulator.Options.LossRate = 1; $emulator.Options.ProcessingDelay = [timespan]::Zero }
        $text = if ($Tail) { "& { $Script }$Tail" } else { $Script }
        $stopped = Measure-Stop -Emulator $emulator -Script $text.Replace('$csvPath.pipe', "'$csvPath.pipe'").Replace('$csvPath ', "'$csvPath' ") -IsReady $Ready
        $stopped.Milliseconds | Should -BeLessThan (Get-LongestStop)
        $stopped.Live | Should -Be 0
    }
}

Describe 'Select-Object -First 1' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'leaves no error and no worker, and begins no further request' {
        $emulator | Connect-TargetService -CallsPerMinute 0
        $Error.Clear()
        # The second batch hangs: what is under way then is all that may ever come.
        Add-WireFault $emulator @{ Kind = 'DelayedReply'; On = 'Submit'; Delay = '00:05:00'; SkipFirst = 1; Times = 0 }
        $batch = Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -MaxBatchRows 10 -ThrottleLimit 1 | Select-Object -First 1
        $batch.Number | Should -Be 1
        $Error.Count | Should -Be 0
        [TargetProfiles.Sending.SendRun]::LiveCount | Should -Be 0

        # A round trip later there is still no other.
        $null = Get-TargetProfile nobody -ErrorAction Ignore
        @($emulator.Requests | Where-Object Target -Like '*batchUpdate').Count | Should -BeLessOrEqual 2
    }

    It 'works behind a status' {
        $emulator | Connect-TargetService -CallsPerMinute 0
        $Error.Clear()
        $status = Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty customerID -MaxBatchRows 100 | Get-TargetBatchStatus -Wait | Select-Object -First 1
        $status.State | Should -Be 'Complete'
        $Error.Count | Should -Be 0
        [TargetProfiles.Sending.SendRun]::LiveCount | Should -Be 0
    }
}

Describe 'Jobs' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'hands useful results back from a job' {
        $result = Start-Job -ScriptBlock {
            Import-Module $using:ModulePath
            Connect-TargetService acme -Endpoint $using:emulator.Endpoint
            Import-Csv -LiteralPath $using:csvPath | Send-TargetProfileBatch -IdProperty customerID
        } | Receive-Job -Wait -AutoRemoveJob
        $result.Rows | Should -Be 2000
        $result.State | Should -Be 'Accepted'
        $result.SubmittedAt.Kind | Should -Be 'Utc'
        $emulator | Connect-TargetService
        ($result | Get-TargetBatchStatus -Wait).State | Should -Be 'Complete'
    }

    It 'ends with Stop-Job' {
        Add-WireFault $emulator @{ Kind = 'StallAfterBytes'; On = 'Submit'; AfterBytes = 1000; SkipFirst = 1; Times = 0 }
        $job = Start-Job -ScriptBlock {
            Import-Module $using:ModulePath
            Connect-TargetService acme -Endpoint $using:emulator.Endpoint -CallsPerMinute 0
            Import-Csv -LiteralPath $using:csvPath | Send-TargetProfileBatch -IdProperty customerID -MaxBatchRows 100
        }
        Wait-Until { $emulator.Requests.Count -gt 0 }
        $job | Stop-Job
        $job.State | Should -Be 'Stopped'
        $job | Remove-Job
    }

    It 'keeps connections apart in parallel runspaces' {
        $endpoint = $emulator.Endpoint
        $path = $ModulePath
        Connect-TargetService mainonly -Endpoint $endpoint
        $rows = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:path
            # A runspace may be used again, and then has its own earlier connection.
            if ((Get-TargetConnection).ClientCode -eq 'mainonly') { throw 'A connection came from another runspace.' }
            Connect-TargetService acme -Endpoint $using:endpoint -CallsPerMinute 0
            ([pscustomobject] @{ thirdPartyId = "par$_"; a = 1 } | Send-TargetProfileBatch).Rows
        } -ThrottleLimit 4
        $rows | Should -Be @(1, 1, 1, 1)
        (Get-TargetConnection).ClientCode | Should -Be 'mainonly'
    }
}
