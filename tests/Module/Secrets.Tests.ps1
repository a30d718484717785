BeforeAll {
    . $PSScriptRoot/Common.ps1
    $token = 'mark3d-T0ken~f6e54956+41c9/aa0c=='
    $secureToken = [System.Net.NetworkCredential]::new('', $token).SecurePassword
    $base64 = { param($text) [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($text)) }

    # In clear, as parts of it, percent-encoded, and in Base64 at each of the three offsets that it may have in a longer text.
    $marks = @(
        $token
        $token.Substring(0, 16)
        $token.Substring($token.Length - 16)
        [uri]::EscapeDataString($token)
        [uri]::EscapeDataString($token).Replace('%2B', '%2b').Replace('%2F', '%2f').Replace('%3D', '%3d')
        foreach ($offset in 0..2) { (& $base64 ('x' * $offset + $token)).Substring($offset * 2, 32) }
    )

    function Get-Mark {
        param([string] $Text)
        foreach ($mark in $marks) {
            if ($Text.IndexOf($mark, [System.StringComparison]::OrdinalIgnoreCase) -ge 0) { $mark }
        }
    }

    # Everything that an object can be asked for.
    function Format-Everything {
        param($InputObject)
        foreach ($item in $InputObject) {
            "$item"
            $item | Format-List -Property * -Force | Out-String -Width 4096
            ConvertTo-Json -InputObject $item -Depth 2 -WarningAction SilentlyContinue
            $path = Join-Path -Path $TestDrive -ChildPath 'object.clixml'
            $item | Export-Clixml -LiteralPath $path -Depth 2
            [System.IO.File]::ReadAllText($path)
            if ($item -is [System.Management.Automation.ErrorRecord]) {
                $item.ErrorDetails | Format-List -Property * -Force | Out-String -Width 4096
                $item.CategoryInfo.ToString()
                $item.ScriptStackTrace
                for ($inner = $item.Exception; $inner; $inner = $inner.InnerException) {
                    $inner.ToString()
                    $inner | Format-List -Property * -Force | Out-String -Width 4096
                    $inner.Data.Values
                }
            }
        }
    }

    # A session of its own, with everything said and a transcript of it.
    function Get-WhatWasTold {
        param([string] $Name, [string] $Script)
        $folder = (New-Item -ItemType Directory -Path (Join-Path -Path $TestDrive -ChildPath $Name)).FullName
        $path = Join-Path -Path $folder -ChildPath 'crm.csv'
        $lines = foreach ($i in 1..12) { if ($i % 4) { "U$i,tier$i" } else { "bad+$i,tier$i" } }
        [System.IO.File]::WriteAllText($path, "thirdPartyId,tier`n" + ($lines -join "`n") + "`n")
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $endpoint, $secureToken, $folder, $script)
                $VerbosePreference = $DebugPreference = $InformationPreference = $ProgressPreference = 'Continue'
                $null = Start-Transcript -LiteralPath "$folder/transcript.txt"
                try {
                    Import-Module $modulePath -Verbose:$false
                    $connection = Connect-TargetService acme -Endpoint $endpoint -Token $secureToken -CallsPerMinute 0 -MaximumRetryCount 1 -PassThru
                    $connection
                    Get-TargetConnection
                    $send = @{ LiteralPath = "$folder/crm.csv"; JournalPath = "$folder/run.journal"; RejectedPath = "$folder/rejected.csv"; MaxBatchRows = 3; ThrottleLimit = 1 }
                    . ([scriptblock]::Create($script))
                }
                catch {
                    $_
                    Write-Error -ErrorRecord $_ -ErrorAction Continue
                }
                finally {
                    $Error
                    $null = Stop-Transcript
                }
            }).AddArgument($ModulePath).AddArgument($emulator.Endpoint).AddArgument($secureToken).AddArgument($folder).AddArgument($Script)
        $output = $shell.Invoke()
        $streams = $shell.Streams
        $told = @(
            Format-Everything $output
            foreach ($stream in 'Error', 'Warning', 'Verbose', 'Debug', 'Information', 'Progress') { Format-Everything $streams.$stream }
            Get-ChildItem -LiteralPath $folder -File | ForEach-Object { [System.IO.File]::ReadAllText($_.FullName) }
        ) -join "`n"
        $shell.Dispose()
        [pscustomobject] @{ Output = $output; Text = $told; Files = (Get-ChildItem -LiteralPath $folder).Name }
    }
}

Describe 'The token' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0 -Token $secureToken
    }

    AfterEach {
        Stop-TargetEmulator
    }

    It 'would be found where it stood' {
        $request = { (& $base64 "Bearer $token"), [uri]::EscapeDataString($token), "x$($token)x" }
        foreach ($text in & $request) { Get-Mark $text | Should -Not -BeNullOrEmpty -Because $text }
    }

    It 'is told by nothing: <Name>' -ForEach @(
        @{
            Name = 'success'
            Files = 'crm.csv', 'rejected.2.csv', 'rejected.csv', 'run.2.journal', 'run.journal', 'transcript.txt'
            Prepare = { }
            Script = {
                $sent = Send-TargetProfileBatch @send -SummaryVariable sum
                $sent
                $sum
                $sent | Get-TargetBatchStatus -Wait -Detailed
                Send-TargetProfileBatch @send
                Send-TargetProfileBatch @send -Resend
                Send-TargetProfileBatch @send -WhatIf
                Get-TargetProfileBatch $send.JournalPath
                Get-TargetProfile U1
                Set-TargetProfile U1 @{ tier = 'x' } -PassThru
                Test-TargetProfileBatch -LiteralPath $send.LiteralPath
            }
            Says = 'Accepted'
        }
        @{
            Name = 'a wrong token'
            Files = 'crm.csv', 'rejected.csv', 'run.journal', 'transcript.txt'
            Prepare = { $emulator.Options.Token = 'another' }
            Script = {
                try { Send-TargetProfileBatch @send } catch { $_ }
                try { Get-TargetProfile U1 } catch { $_ }
                try { Set-TargetProfile U1 @{ tier = 'x' } } catch { $_ }
                Get-TargetBatchStatus acme-1-1
            }
            Says = 'TokenRejected'
        }
        @{
            Name = 'a server that is down'
            Files = 'crm.csv', 'rejected.csv', 'run.journal', 'transcript.txt'
            Prepare = { $emulator.Stop() }
            Script = {
                try { Send-TargetProfileBatch @send } catch { $_ }
                try { Send-TargetProfileBatch @send } catch { $_ }
                Get-TargetProfileBatch $send.JournalPath
                Get-TargetProfile U1
            }
            Says = 'ConnectionFailed'
        }
        @{
            Name = 'a server that repeats it'
            Files = 'crm.csv', 'rejected.csv', 'run.journal', 'transcript.txt'
            Prepare = {
                Add-WireFault $emulator @{ Kind = 'SuccessFalse'; On = 'Submit'; Times = 1; Message = "you sent $token, did you" }
                Add-WireFault $emulator @{ Kind = 'EarlyReply'; On = 'Submit'; Times = 1; StatusCode = 500; Message = "Bearer $token" }
                Add-WireFault $emulator @{ Kind = 'Redirect'; On = 'Submit'; Times = 1; Location = "https://login.example.com/?token=$token" }
            }
            Script = {
                try { Send-TargetProfileBatch @send } catch { $_ }
                Get-TargetProfileBatch $send.JournalPath
            }
            Says = 'RedirectRefused'
        }
        @{
            Name = 'a hostile status URL'
            Files = 'crm.csv', 'rejected.csv', 'run.journal', 'transcript.txt'
            Prepare = { $emulator.Options.StatusUrlOverride = "https://collector.example.com/?batchId=1&token=$([uri]::EscapeDataString($token))" }
            Script = {
                $sent = Send-TargetProfileBatch @send
                $sent
                Get-TargetProfileBatch $send.JournalPath
                $sent | Get-TargetBatchStatus
                Get-TargetBatchStatus -BatchId 1 -StatusUri "https://collector.example.com/"
            }
            Says = 'collector.example.com'
        }
    ) {
        . $Prepare
        $told = Get-WhatWasTold -Name ($Name -replace '\W') -Script "$Script"
        Get-Mark $told.Text | Should -BeNullOrEmpty
        $told.Text | Should -Match $Says
        $told.Files | Sort-Object | Should -Be $Files
    }
}
