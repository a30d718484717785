BeforeAll {
    . $PSScriptRoot/Common.ps1
    $row = [pscustomobject] @{ thirdPartyId = 'v1'; tier = 'gold' }
    $token = 'f6e54956-6f15-41c9-aa0c-f9d4fecb0000'
    $secureToken = [System.Net.NetworkCredential]::new('', $token).SecurePassword
}

Describe 'What goes wrong' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'says what to do about a missing token' {
        $emulator.Options.Token = $token
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TokenRejected*'
        $problem.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'TARGET_PROFILE_TOKEN'
    }

    It 'says what to do about a wrong token, without repeating it' {
        $emulator.Options.Token = 'another'
        $emulator | Connect-TargetService -CallsPerMinute 0 -Token $secureToken
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch -Verbose 4>&1 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TokenRejected*'
        ($problem | Format-List * -Force | Out-String) | Should -Not -Match $token
    }

    It 'sends the right token, from a credential too' {
        $emulator.Options.Token = $token
        $credential = [pscredential]::new('acme', $secureToken)
        Connect-TargetService -Endpoint $emulator.Endpoint -Credential $credential -CallsPerMinute 0
        ($row | Send-TargetProfileBatch).State | Should -Be 'Accepted'
    }

    It 'says what to do about an unknown client code' {
        Connect-TargetService nosuchcode -Endpoint $emulator.Endpoint
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'RequestRejected*'
        $problem.Exception.Message | Should -Match 'nosuchcode'
    }

    It 'says what to do about a server that is down' {
        $emulator.Stop()
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionFailed*'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'emulator'
    }

    It 'says what to do about an untrusted certificate' {
        $tls = Start-TargetEmulator -UseTls
        $tls | Connect-TargetService -MaximumRetryCount 0
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'CertificateUntrusted*'
    }

    It 'goes on after a refused batch, and stops after three in a row' {
        Add-WireFault $emulator @{ Kind = 'SuccessFalse'; On = 'Submit'; Times = 1; Message = 'Batch is empty' }
        $rows = 1..5 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "r$_"; tier = 'gold' } }
        $batches = $rows | Send-TargetProfileBatch -MaxBatchRows 1 -ThrottleLimit 1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $batches.State | Should -Be @('Refused', 'Accepted', 'Accepted', 'Accepted', 'Accepted')
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BatchRefused*'
        $problem[0].Exception.Message | Should -Match 'Batch is empty'

        Add-WireFault $emulator @{ Kind = 'SuccessFalse'; On = 'Submit'; Times = 0; Message = 'Unexpected Error' }
        $written = [System.Collections.Generic.List[object]]::new()
        $problem = Get-TerminatingError { $rows | Send-TargetProfileBatch -MaxBatchRows 1 -ThrottleLimit 1 -ErrorAction SilentlyContinue | ForEach-Object { $written.Add($_) } }
        $problem.Exception.Message | Should -Match 'Unexpected Error'
        @($written | Where-Object State -EQ 'Refused').Count | Should -Be 3
    }

    It 'tells every outcome before an error stops the script' {
        $rows = 1..50 | ForEach-Object { [pscustomobject] @{ thirdPartyId = if ($_ -eq 35) { 'b/30' } else { "s$_" }; tier = 'gold' } }
        $written = [System.Collections.Generic.List[object]]::new()
        try {
            $rows | Send-TargetProfileBatch -MaxBatchRows 10 -ErrorAction Stop -SummaryVariable accounting | ForEach-Object { $written.Add($_) }
        }
        catch {
            $problem = $_
        }

        $problem.FullyQualifiedErrorId | Should -BeLike 'RowRejected*'
        $written.Count | Should -Be $emulator.Batches.Count
        $accounting.Accepted | Should -Be 49
        $accounting.IsBalanced | Should -BeTrue
    }

    It 'does not wait for a status that cannot be asked for' {
        Get-TargetBatchStatus -BatchId $null -Wait | Should -BeNullOrEmpty
    }

    It 'takes a proxy by host and port, and refuses what is none' {
        (Connect-TargetService acme -Endpoint $emulator.Endpoint -Proxy proxy.example:8080 -PassThru).Proxy | Should -Be 'http://proxy.example:8080/'
        (Get-TerminatingError { Connect-TargetService acme -Proxy ftp://proxy.example }).Exception.Message | Should -Match 'no address of a proxy'
    }

    It 'refuses proxy switches that contradict each other' {
        $credential = [pscredential]::new('user', $secureToken)
        $problem = Get-TerminatingError { Connect-TargetService acme -Proxy proxy.example:8080 -NoProxy }
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidSetting,*'
        $problem.Exception.Message | Should -Match '-NoProxy goes without a proxy'
        (Get-TerminatingError { Connect-TargetService acme -ProxyCredential $credential -ProxyUseDefaultCredentials }).Exception.Message | Should -Match 'two users'
        (Connect-TargetService acme -Endpoint $emulator.Endpoint -Proxy proxy.example:8080 -ProxyCredential $credential -PassThru | Format-List * | Out-String) | Should -Not -Match $token
    }

    It 'says so when the connection is closed under it' {
        Add-WireFault $emulator @{ Kind = 'DelayedReply'; On = 'Submit'; Delay = '00:05:00' }
        $connection = Connect-TargetService -ClientCode acme -Endpoint $emulator.Endpoint -PassThru
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $connection)
                Import-Module $modulePath
                [pscustomobject] @{ thirdPartyId = 'c1'; a = 1 } | Send-TargetProfileBatch -Connection $connection
            }).AddArgument($ModulePath).AddArgument($connection)
        $running = $shell.BeginInvoke()
        Wait-Until { $emulator.Faults.Count -eq 0 }
        Disconnect-TargetService
        $null = $shell.EndInvoke($running)
        $shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionClosed*'
        $shell.Dispose()
    }

    It 'needs a connection, and says how to get one' {
        Disconnect-TargetService
        $problem = Get-TerminatingError { $row | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'NotConnected*'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'Connect-TargetService'
    }

    It 'ends with one error for <Name>' -ForEach @(
        @{ Name = 'a missing file'; Path = 'nowhere.csv'; Id = 'FileNotFound' }
        @{ Name = 'a wildcard without match'; Path = 'nowhere*.csv'; Id = 'FileNotFound' }
        @{ Name = 'a folder'; Path = '.'; Id = 'FolderInsteadOfFile' }
    ) {
        $given = Join-Path -Path $TestDrive -ChildPath $Path
        (Get-TerminatingError { Send-TargetProfileBatch $given }).FullyQualifiedErrorId | Should -BeLike "$Id*"
    }
}

Describe 'A file that cannot be read after one that could' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'does not take back what was sent before it' {
        $good = Export-TestFile 'good.csv' "thirdPartyId,tier`na,gold`nb,red`n"
        $bad = Export-TestFile 'unreadable.csv' "thirdPartyId,tier,Tier`nc,gold,red`n"
        $written = [System.Collections.Generic.List[object]]::new()
        try {
            Send-TargetProfileBatch -LiteralPath $good, $bad -SummaryVariable accounting | ForEach-Object { $written.Add($_) }
        }
        catch {
            $problem = $_
        }

        $problem.FullyQualifiedErrorId | Should -BeLike 'CsvUnreadable*'
        $problem.TargetObject | Should -BeLike '*unreadable.csv'
        $written.State | Should -Be 'Accepted'
        $written.Rows | Should -Be 2
        $accounting.SourceEnded | Should -BeFalse
        $accounting.Accepted | Should -Be 2
    }
}

Describe 'The token' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'is refused as plain text, without an echo' {
        $problem = Get-TerminatingError { Connect-TargetService acme -Token $token }
        $problem.Exception.Message | Should -Match 'SecureString'
        ($problem | Format-List * -Force | Out-String) -replace [regex]::Escape($problem.InvocationInfo.Line), '' | Should -Not -Match $token
    }

    It 'shows nowhere in a connection' {
        $connection = Connect-TargetService acme -Endpoint $emulator.Endpoint -Token $secureToken -PassThru
        $connection.HasToken | Should -BeTrue
        $shown = @(
            $connection | Format-List * -Force | Out-String
            $connection | ConvertTo-Json -Depth 5
            [System.Management.Automation.PSSerializer]::Serialize($connection, 5)
            "$connection"
        ) -join "`n"
        $shown | Should -Not -Match $token
    }

    It 'and the client code and endpoint come from the environment' {
        $env:TARGET_CLIENT_CODE = 'acme'
        $env:TARGET_PROFILE_TOKEN = $token
        $env:TARGET_ENDPOINT = $emulator.Endpoint
        try {
            $connection = Connect-TargetService -PassThru
            $connection.ClientCode | Should -Be 'acme'
            $connection.HasToken | Should -BeTrue
            $connection.Endpoint | Should -Be $emulator.Endpoint
        }
        finally {
            $env:TARGET_CLIENT_CODE = $env:TARGET_PROFILE_TOKEN = $env:TARGET_ENDPOINT = $null
        }
    }
}

Describe '-WhatIf' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle
        $emulator | Connect-TargetService -CallsPerMinute 0 -MaximumRetryCount 0
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'tells the plan, sends nothing and needs no connection' {
        Disconnect-TargetService
        $path = Export-TestFile 'plan.csv' "thirdPartyId,tier`na,gold`nb,`nc+d,red`n"
        $host2 = [powershell]::Create().AddScript({
                param($modulePath, $path)
                Import-Module $modulePath
                Start-Transcript -Path "$path.log" | Out-Null
                Send-TargetProfileBatch -LiteralPath $path -WhatIf -ErrorAction SilentlyContinue
                Stop-Transcript | Out-Null
            }).AddArgument($ModulePath).AddArgument($path)
        $null = $host2.Invoke()
        $host2.Dispose()
        $said = (Get-Content -LiteralPath "$path.log" -Raw) -replace '\s+', ' '
        $said | Should -Match 'Send 1 of 3 rows'
        $said | Should -Match '1 row would be rejected, 1 row has no values'
        $emulator.Batches.Count | Should -Be 0
    }
}
