BeforeAll {
    . $PSScriptRoot/Common.ps1
    $imsText = 'ims-acc3ss-T0ken.f6e54956_41c9/aa0c=='
    $keyText = '9f1c2b3a4d5e6f708192a3b4c5d6e7f8'
    $ims = [System.Net.NetworkCredential]::new('', $imsText).SecurePassword
    $key = [System.Net.NetworkCredential]::new('', $keyText).SecurePassword
    $wrong = [System.Net.NetworkCredential]::new('', 'quite-another-secret').SecurePassword

    function Get-Plain {
        param($Token)
        [System.Net.NetworkCredential]::new('', $Token.ToSecureString()).Password
    }
}

Describe 'The profile authentication token' {
    BeforeEach {
        $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0 -AccessToken $ims -ApiKey $key
        $admin = @{ Tenant = 'acmeinc'; AccessToken = $ims; ApiKey = $key; Endpoint = $emulator.Endpoint; MaximumRetryCount = 0 }
    }

    AfterEach {
        Disconnect-TargetService
        Stop-TargetEmulator
    }

    It 'is fetched, or said not to be there' {
        Get-TargetProfileToken @admin -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'TokenNotFound,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $emulator.Options.Token = 'in-use'
        Get-Plain (Get-TargetProfileToken @admin) | Should -Be 'in-use'
    }

    It 'is made only for who says so, and revokes the one in use' {
        $emulator.Options.Token = 'in-use'
        New-TargetProfileToken @admin -WhatIf
        @($emulator.Requests).Count | Should -Be 0
        $made = New-TargetProfileToken @admin -Confirm:$false
        Get-Plain $made | Should -Be $emulator.Options.Token
        Get-Plain $made | Should -Not -Be 'in-use'
        $made.ExpiresAt.Kind | Should -Be 'Utc'
        ($made.ExpiresAt - [datetime]::UtcNow).TotalDays | Should -BeGreaterThan 89
    }

    It 'is not made where nobody can be asked' {
        $shell = [powershell]::Create().AddScript({ param($modulePath, $admin) Import-Module $modulePath; New-TargetProfileToken @admin }).AddArgument($ModulePath).AddArgument($admin)
        try { $null = $shell.Invoke() } catch { $null = $_ }
        $shell.HadErrors -or $shell.InvocationStateInfo.State -eq 'Failed' | Should -BeTrue
        @($emulator.Requests).Count | Should -Be 0
        $shell.Dispose()
    }

    It 'comes from what the environment says' {
        $emulator.Options.Token = 'in-use'
        $env:TARGET_TENANT, $env:TARGET_ACCESS_TOKEN, $env:TARGET_API_KEY, $env:TARGET_ADMIN_ENDPOINT = 'acmeinc', $imsText, $keyText, $emulator.Endpoint
        try {
            Get-Plain (Get-TargetProfileToken) | Should -Be 'in-use'
        }
        finally {
            Remove-Item -Path Env:TARGET_TENANT, Env:TARGET_ACCESS_TOKEN, Env:TARGET_API_KEY, Env:TARGET_ADMIN_ENDPOINT
        }
    }

    It 'needs the right access token and the right key: <Change>' -ForEach @(
        @{ Change = 'AccessToken'; Says = '401.*access token' }
        @{ Change = 'ApiKey'; Says = '403.*API key' }
    ) {
        $admin[$Change] = $wrong
        $problem = Get-TerminatingError { Get-TargetProfileToken @admin }
        $problem.FullyQualifiedErrorId | Should -BeLike 'AdminAccessRejected,*'
        $problem.Exception.Message | Should -Match $Says
    }

    It 'says what is missing, and refuses plain text: <Missing>' -ForEach @(
        @{ Missing = 'Tenant'; Says = 'TARGET_TENANT' }
        @{ Missing = 'AccessToken'; Says = 'TARGET_ACCESS_TOKEN' }
        @{ Missing = 'ApiKey'; Says = 'TARGET_API_KEY' }
    ) {
        $admin.Remove($Missing)
        (Get-TerminatingError { Get-TargetProfileToken @admin }).Exception.Message | Should -Match $Says
        if ($Missing -ne 'Tenant') {
            $admin[$Missing] = 'pla1n-text'
            $problem = Get-TerminatingError { Get-TargetProfileToken @admin }
            $problem.Exception.Message | Should -Match "-$Missing must be a SecureString"
            $problem.Exception.Message | Should -Not -Match 'pla1n-text'
        }
    }

    It 'goes into a connection, which then knows its end' {
        $emulator.Options.Token = 'in-use'
        $connection = Get-TargetProfileToken @admin | Connect-TargetService acme -Endpoint $emulator.Endpoint -PassThru -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $connection.TokenExpiresAt.Kind | Should -Be 'Utc'
        (@{ thirdPartyId = 'U1'; tier = 'gold' } | Send-TargetProfileBatch).State | Should -Be 'Accepted'
    }

    It 'warns in its last seven days where one connects and sends' {
        $emulator.Options.Token = 'in-use'
        $null = Get-TargetProfileToken @admin
        $emulator.Clock.Advance([timespan]::FromDays(84))
        $expected = '^The profile authentication token of acme has 5 days left'
        Get-TargetProfileToken @admin | Connect-TargetService acme -Endpoint $emulator.Endpoint -WarningVariable warnings 3>$null
        $warnings | Should -Match $expected
        $null = @{ thirdPartyId = 'U1'; tier = 'gold' } | Send-TargetProfileBatch -WarningVariable warnings 3>$null
        $warnings | Should -Match $expected
        Set-TargetProfile U1 @{ tier = 'gold' } -WarningVariable warnings 3>$null
        $warnings | Should -Match $expected

        $connect = @{ ClientCode = 'acme'; Endpoint = $emulator.Endpoint; Token = $wrong }
        Connect-TargetService @connect -TokenExpiresAt ([datetime]::Now.AddDays(-1)) -WarningVariable warnings 3>$null
        $warnings | Should -Match 'expired on'
        Connect-TargetService @connect -TokenExpiresAt ([datetime]::Now.AddDays(8)) -WarningVariable warnings 3>$null
        $warnings | Should -BeNullOrEmpty
    }

    It 'is told by nothing, and neither is what fetched it' {
        $emulator.Options.Token = 'pr0file-t0ken-5f1c7a'
        $result = Get-TargetProfileToken @admin
        $connection = $result | Connect-TargetService acme -Endpoint $emulator.Endpoint -PassThru
        Add-WireFault $emulator @{ Kind = 'Redirect'; On = 'Token'; Times = 1; Location = "https://login.example.com/?token=$([uri]::EscapeDataString($imsText))&key=$keyText" }
        $problems = @(
            Get-TerminatingError { Get-TargetProfileToken @admin -Debug -Verbose 4>&1 5>&1 }
            Add-WireFault $emulator @{ Kind = 'ServerError'; On = 'Token'; Times = 1; StatusCode = 400; Message = "you sent $imsText and $keyText" }
            Get-TerminatingError { New-TargetProfileToken @admin -Confirm:$false }
        )
        $problems.Count | Should -Be 2
        $path = Join-Path -Path $TestDrive -ChildPath 'token.xml'
        $text = foreach ($item in @($result, $connection, (Import-Clixml -LiteralPath $(Export-Clixml -InputObject $result -LiteralPath $path; $path))) + $problems) {
            "$item"
            $item | Format-List -Property * -Force | Out-String -Width 4096
            ConvertTo-Json -InputObject $item -Depth 2 -WarningAction SilentlyContinue
            [System.Management.Automation.PSSerializer]::Serialize($item, 3)
            for ($inner = $item.Exception; $inner; $inner = $inner.InnerException) { $inner.ToString() }
        }
        $text = "$text $($emulator.Requests | ForEach-Object { $_.Target; $_.Headers | Out-String })"
        foreach ($secret in 'pr0file-t0ken', $imsText, [uri]::EscapeDataString($imsText), $keyText) {
            $text.IndexOf($secret, [System.StringComparison]::OrdinalIgnoreCase) | Should -Be -1 -Because $secret
        }
        $text | Should -Match 'acmeinc'
    }

    It 'is left alone by Ctrl+C at once' {
        Add-WireFault $emulator @{ Kind = 'DelayedReply'; On = 'Token'; Delay = '00:05:00' }
        $shell = [powershell]::Create().AddScript({ param($modulePath, $admin) Import-Module $modulePath; 'ready'; Get-TargetProfileToken @admin }).AddArgument($ModulePath).AddArgument($admin)
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
        Wait-Until { $output.Count -and -not $emulator.Faults.Count }
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.ElapsedMilliseconds | Should -BeLessThan (Get-LongestStop)
        $shell.Streams.Error | Should -BeNullOrEmpty
        $shell.Dispose()
    }
}

Describe 'The rotation of about_TargetProfiles_Runbooks' {
    BeforeAll {
        $page = [System.IO.File]::ReadAllText("$PSScriptRoot/../../docs/en-US/about_TargetProfiles_Runbooks.md")
        $rotation = [regex]::Match($page, '(?ms)^## TOKEN ROTATION\n.*?^```powershell\n(.*?)\n```').Groups[1].Value
        function Get-Secret {
            param($Name, [switch] $AsPlainText)
            $text = @{ TargetApiKey = $keyText; ImsSecret = 'a-secret'; ImsScope = 'openid' }[$Name]
            if ($AsPlainText) { $text } else { [System.Net.NetworkCredential]::new('', $text).SecurePassword }
        }
        Set-Item -Path function:Set-Secret -Value {
            param($Name, $Secret)
            $vault[$Name] = [System.Net.NetworkCredential]::new('', $Secret).Password
        }
        Mock Invoke-RestMethod {
            "$Method $Uri" | Should -Be 'Post https://ims-na1.adobelogin.com/ims/token/v3'
            $Body.client_id | Should -Be $keyText
            [pscustomobject] @{ access_token = $imsText }
        }
    }

    It 'keeps a token that has time, replaces one that has not, and stores what is valid' {
        $vault = @{}
        $emulator = Start-TargetEmulator -NoThrottle -AccessToken $ims -ApiKey $key
        $env:TARGET_ADMIN_ENDPOINT = $emulator.Endpoint
        try {
            $emulator.Options.Token = 'first'
            $null = & ([scriptblock]::Create($rotation))
            $vault.TargetToken | Should -Be 'first'
            $emulator.Clock.Advance([timespan]::FromDays(80))
            $expiry = & ([scriptblock]::Create($rotation))
            $vault.TargetToken | Should -Not -Be 'first'
            $vault.TargetToken | Should -Be $emulator.Options.Token
            ($expiry - [datetime]::UtcNow).TotalDays | Should -BeGreaterThan 89
        }
        finally {
            Remove-Item -Path Env:TARGET_ADMIN_ENDPOINT
            $emulator | Stop-TargetEmulator
        }
    }
}
