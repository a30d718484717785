[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingUsernameAndPasswordParams', '', Justification = 'As the ScheduledTasks module has them.')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'As the ScheduledTasks module has them.')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'They change nothing but this test.')]
param()

BeforeDiscovery {
    $runbooks = Get-Item -LiteralPath $PSScriptRoot/../../samples/runbooks
    $scripts = @(Get-ChildItem -Path $runbooks/*.ps1 | ForEach-Object { @{ Name = $_.Name; Script = $_.FullName } })
    $pipelines = @(Get-ChildItem -Path $runbooks/*.yml | ForEach-Object { @{ Name = $_.Name; Pipeline = $_.FullName } })
    $cli = @(Get-ChildItem -Path $PSScriptRoot/../../src/TargetProfiles.Cli/bin/*/net8.0/target-profiles.dll -ErrorAction Ignore)[0]
    $hasCommandLine = [System.IO.Path]::DirectorySeparatorChar -eq '/' -and ($cli -or (Get-Command -Name target-profiles -ErrorAction Ignore))
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $runbooks = Join-Path -Path $RepositoryPath -ChildPath 'samples/runbooks'
    $shell = (Get-Process -Id $PID).Path
    $token = '5f0f3c6e-0000-4d3b-9d58-0a3c1f2b7e11'
    $secureToken = [System.Net.NetworkCredential]::new('', $token).SecurePassword
    $credential = [pscredential]::new('shop', $secureToken)

    # Import-Module by name finds the module under test, and nothing that is installed.
    $modules = Join-Path -Path $TestDrive -ChildPath 'modules'
    $null = New-Item -ItemType Directory -Path $modules
    Copy-Item -LiteralPath $ModuleBase -Destination $modules/TargetProfiles -Recurse

    $surroundings = @{}
    function Set-Surrounding {
        param([hashtable] $Values)
        foreach ($name in $Values.Keys) {
            $surroundings[$name] = [System.Environment]::GetEnvironmentVariable($name)
            [System.Environment]::SetEnvironmentVariable($name, $Values[$name])
        }
    }

    # What a scheduler starts, from its words to its exit code.
    function Invoke-Scheduled {
        param([string] $Program, [string] $Arguments)
        $start = [System.Diagnostics.ProcessStartInfo]::new($Program, $Arguments)
        $start.UseShellExecute = $false
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.WorkingDirectory = $runbooks
        $process = [System.Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject] @{ ExitCode = $process.ExitCode; Text = $output + $errors.Result }
    }

    function Assert-Arrived {
        param([int] $Count)
        $emulator.ProfileCount | Should -Be $Count
        Get-ChildItem -LiteralPath $state -Filter *.journal | Should -HaveCount 1
    }
}

Describe 'The runbook samples' {
    BeforeEach {
        $emulator = Start-TargetEmulator -ClientCode shop -Token $secureToken -NoThrottle -ProcessingDelay 0
        $state = (New-Item -ItemType Directory -Path (Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid()))).FullName
        $file = Join-Path -Path $state -ChildPath 'crm export.csv'
        [System.IO.File]::WriteAllText($file, "thirdPartyId,tier`nU1,gold`nU2,silver`nU3,gold`n")
        Set-Surrounding @{
            PSModulePath = $modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
            TARGET_ENDPOINT = $emulator.Endpoint.AbsoluteUri
            TARGET_STATE_FOLDER = $state
            TARGET_CLIENT_CODE = $null
            TARGET_PROFILE_TOKEN = $null
            CRM_FILE = $file
            STATE_FOLDER = $state
        }
    }

    AfterEach {
        Set-Surrounding $surroundings.Clone()
        Disconnect-TargetService
        Stop-TargetEmulator
    }

    It 'parse: <Name>' -ForEach $scripts {
        $faults = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Script, [ref] $null, [ref] $faults)
        $faults | Should -BeNullOrEmpty
        [System.IO.File]::ReadAllBytes($Script) | Where-Object { $_ -gt 0x7F } | Should -BeNullOrEmpty
    }

    It 'give the analyzer no cause: <Name>' -ForEach $scripts -Skip:(-not (Get-Module -Name PSScriptAnalyzer -ListAvailable)) {
        Invoke-ScriptAnalyzer -Path $Script -Settings $RepositoryPath/PSScriptAnalyzerSettings.psd1 | Should -BeNullOrEmpty
    }

    Context 'Azure Automation' {
        BeforeAll {
            # What the platform provides.
            function Get-AutomationPSCredential {
                param([string] $Name)
                if ($Name -eq 'AdobeTarget') { $credential }
            }
        }

        It 'sends with the credential asset, and nothing twice when it is started from the beginning' {
            $job = @{ Path = $file; StateFolder = $state }
            $told = & $runbooks/Send-AzureAutomationProfile.ps1 @job
            $told[0] | Should -BeLike 'Read 3 = Accepted 3 *'
            $told[1].State | Should -Be 'Complete'
            Assert-Arrived 3
            $null = & $runbooks/Send-AzureAutomationProfile.ps1 @job 3>$null
            @($emulator.Requests | Where-Object Target -Like '*batchUpdate') | Should -HaveCount 1
        }

        It 'fails where Target does not complete a batch' {
            $emulator.Options.ForceStuck = $true
            $job = @{ Path = $file; StateFolder = $state; ErrorAction = 'SilentlyContinue' }
            (Get-TerminatingError { & $runbooks/Send-AzureAutomationProfile.ps1 @job 2>$null }).Exception.Message | Should -Match 'stuck'
            # A job that is started again sends nothing, and must not turn green by that.
            (Get-TerminatingError { & $runbooks/Send-AzureAutomationProfile.ps1 @job 2>$null 3>$null }).Exception.Message | Should -Match 'stuck'
            @($emulator.Requests | Where-Object Target -Like '*batchUpdate') | Should -HaveCount 1
        }

        It 'fails where a row was rejected, and keeps the row' {
            [System.IO.File]::AppendAllText($file, "bad+id,gold`n")
            (Get-TerminatingError { & $runbooks/Send-AzureAutomationProfile.ps1 -Path $file -StateFolder $state 3>$null }).Exception.Message | Should -Match 'Rejected 1 '
            Assert-Arrived 3
            "$state/rejected.csv" | Should -FileContentMatch 'bad\+id'
        }

        It 'names a credential asset that is not there' {
            (Get-TerminatingError { & $runbooks/Send-AzureAutomationProfile.ps1 -Path $file -StateFolder $state -AssetName none }).Exception.Message | Should -Match "no credential asset 'none'"
        }
    }

    Context 'Pipelines' {
        It 'send by the step that the pipeline has: <Name>' -ForEach $pipelines {
            $step = [regex]::Match([System.IO.File]::ReadAllText($Pipeline), '(?m)^.*: (\./Send-NightlyProfile\.ps1 .*)$').Groups[1].Value
            $step | Should -Not -BeNullOrEmpty
            Set-Surrounding @{ TARGET_CLIENT_CODE = 'shop'; TARGET_PROFILE_TOKEN = $token }
            $run = Invoke-Scheduled $shell "-NoProfile -NonInteractive -Command ""$step"""
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -Not -Match $token
            Assert-Arrived 3
        }

        It 'fail where the token is wrong' {
            Set-Surrounding @{ TARGET_CLIENT_CODE = 'shop'; TARGET_PROFILE_TOKEN = 'another' }
            $run = Invoke-Scheduled $shell "-NoProfile -NonInteractive -File Send-NightlyProfile.ps1 -Path ""$file"" -StateFolder ""$state"""
            $run.ExitCode | Should -Be 1
            $emulator.ProfileCount | Should -Be 0
        }
    }

    Context 'A scheduled task' {
        BeforeAll {
            # What Windows provides.
            function New-ScheduledTaskAction { param($Execute, $Argument) @{ Execute = $Execute; Argument = $Argument } }
            function New-ScheduledTaskTrigger { param([switch] $Daily, [datetime] $At) @{ Daily = $Daily; At = $At } }
            function New-ScheduledTaskSettingsSet { param([switch] $StartWhenAvailable, $MultipleInstances, [timespan] $ExecutionTimeLimit) $PSBoundParameters }
            function Register-ScheduledTask { param($TaskName, $Description, $Action, $Trigger, $Settings, $User, $Password) $PSBoundParameters }
        }

        It 'does what it was registered for' {
            $credential | Export-Clixml -LiteralPath $state/target.xml
            $task = & $runbooks/Register-NightlyProfileTask.ps1 -Path $file -StateFolder $state -SecretPath $state/target.xml -Account ([pscredential]::new('CONTOSO\svc-crm', $secureToken))
            $task.User | Should -Be 'CONTOSO\svc-crm'
            $task.Trigger.At.TimeOfDay | Should -Be '02:15:00'
            $run = Invoke-Scheduled $task.Action.Execute $task.Action.Argument
            $run.ExitCode | Should -Be 0 -Because $run.Text
            Assert-Arrived 3
        }
    }

    Context 'cron' -Skip:(-not $hasCommandLine) {
        BeforeAll {
            $bin = (New-Item -ItemType Directory -Path "$TestDrive/bin").FullName
            $built = @(Get-ChildItem -Path $RepositoryPath/src/TargetProfiles.Cli/bin/*/net8.0/target-profiles.dll -ErrorAction Ignore)[0]
            if ($built) {
                [System.IO.File]::WriteAllText("$bin/target-profiles", "#!/bin/sh`nexec dotnet '$($built.FullName)' ""`$@""`n")
                & chmod +x $bin/target-profiles
            }
        }

        BeforeEach {
            [System.IO.File]::WriteAllText("$state/token", $token)
            Set-Surrounding @{ PATH = $bin + [System.IO.Path]::PathSeparator + $env:PATH; TARGET_CLIENT_CODE = 'shop'; RETRY_PAUSE_SEC = '0' }
            $command = "send-nightly.sh ""$file"" ""$state"" ""$state/token"""
        }

        It 'sends, and exits with what the command says' {
            $run = Invoke-Scheduled sh $command
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -Not -Match $token
            Assert-Arrived 3
        }

        It 'goes on by itself where the service was down' {
            Add-WireFault $emulator @{ Kind = 'ServerError'; On = 'Submit'; StatusCode = 429; RetryAfter = '0'; Times = 4 }
            $run = Invoke-Scheduled sh $command
            $run.ExitCode | Should -Be 0 -Because $run.Text
            @($emulator.Requests | Where-Object Target -Like '*batchUpdate') | Should -HaveCount 5
            Assert-Arrived 3
        }

        It 'fails where Target does not complete a batch' {
            $emulator.Options.ForceStuck = $true
            (Invoke-Scheduled sh $command).ExitCode | Should -Be 1
            (Invoke-Scheduled sh $command).ExitCode | Should -Be 1
        }
    }
}
