BeforeAll {
    . $PSScriptRoot/Common.ps1

    function Get-Completion {
        param([string] $Line)
        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
    }

    $csvPath = Export-TestFile 'crm.csv' "customerID,Annual Income,Zo$([char] 0xEB)'s tier,#row,#reason`nA1,5,gold,,`n"
    $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0
    $batch = [pscustomobject] @{ thirdPartyId = 'v1'; tier = 'gold' }, [pscustomobject] @{ thirdPartyId = 'v2'; tier = 'red' } | Send-TargetProfileBatch -SummaryVariable accounting
    $status = $batch | Get-TargetBatchStatus -Wait -Detailed
}

AfterAll {
    Stop-TargetEmulator
}

Describe 'Completion' {
    It 'offers the columns of the file for <Parameter> of <Command>' -ForEach @(
        foreach ($command in 'Send-TargetProfileBatch', 'Test-TargetProfileBatch') {
            foreach ($parameter in 'IdProperty', 'Property', 'ExcludeProperty', 'HashProperty') { @{ Command = $command; Parameter = $parameter } }
        }
    ) {
        (Get-Completion "$Command -LiteralPath '$csvPath' -$Parameter ").CompletionText | Should -Be @('customerID', "'Annual Income'", "'Zo$([char] 0xEB)''s tier'")
    }

    It 'knows a file given as <Name>' -ForEach @(
        @{ Name = 'first argument'; Line = 'Send-TargetProfileBatch crm.csv -IdProperty c' }
        @{ Name = 'wildcard'; Line = 'Send-TargetProfileBatch -Path *.csv -IdProperty "c' }
        @{ Name = 'variable'; Line = 'Send-TargetProfileBatch -LiteralPath $csvPath -IdProperty c' }
        @{ Name = 'one of several'; Line = 'Send-TargetProfileBatch -LiteralPath crm.csv, other.csv -Property tier, c' }
    ) {
        Push-Location -LiteralPath $TestDrive
        try {
            Set-Variable -Name csvPath -Value $csvPath -Scope Global
            (Get-Completion $Line).CompletionText | Should -Be 'customerID'
        }
        finally {
            Remove-Variable -Name csvPath -Scope Global
            Pop-Location
        }
    }

    It 'offers a map for each column' {
        (Get-Completion "Send-TargetProfileBatch -LiteralPath '$csvPath' -PropertyMap ").CompletionText[1] | Should -Be "@{ 'Annual Income' = 'attributeName' }"
    }

    It 'quotes what a key must not have bare' {
        $path = Join-Path -Path $TestDrive -ChildPath 'dashed.csv'
        [System.IO.File]::WriteAllText($path, "thirdPartyId,e-mail,a.b`n")
        foreach ($offered in (Get-Completion "Send-TargetProfileBatch -LiteralPath '$path' -PropertyMap ").CompletionText) {
            (& ([scriptblock]::Create($offered))).Count | Should -Be 1
        }
    }

    It 'reads the header with the delimiter and the encoding given' {
        $path = Join-Path -Path $TestDrive -ChildPath 'german.csv'
        [System.IO.File]::WriteAllBytes($path, [System.Text.Encoding]::Unicode.GetBytes("kundennr;stra$([char] 0xDF)e`n1;a`n"))
        (Get-Completion "Send-TargetProfileBatch -LiteralPath '$path' -Delimiter ';' -Encoding unicode -IdProperty ").CompletionText | Should -Be @('kundennr', "stra$([char] 0xDF)e")
        (Get-Completion "Send-TargetProfileBatch -LiteralPath '$csvPath' -Header one, two -IdProperty ").CompletionText | Should -Be @('one', 'two')
    }

    It 'offers nothing, and does not fail, for <Name>' -ForEach @(
        @{ Name = 'a file that is not there'; Text = $null; Argument = '' }
        @{ Name = 'an empty file'; Text = ''; Argument = '' }
        @{ Name = 'a header that cannot be used'; Text = "a,a`n"; Argument = '' }
        @{ Name = 'another delimiter than the file has'; Text = "a;b`n"; Argument = '' }
        @{ Name = 'an encoding that is none'; Text = "a,b`n"; Argument = '-Encoding nosuch' }
        @{ Name = 'a delimiter that is none'; Text = "a,b`n"; Argument = '-Delimiter abc' }
    ) {
        $path = Join-Path -Path $TestDrive -ChildPath 'broken.csv'
        if ($null -ne $Text) { Export-TestFile 'broken.csv' $Text }
        # PowerShell offers files where a completer offers nothing.
        Push-Location -LiteralPath (New-Item -Path $TestDrive/empty -ItemType Directory -Force)
        $Error.Clear()
        Get-Completion "Send-TargetProfileBatch -LiteralPath '$path' $Argument -IdProperty " | Should -BeNullOrEmpty
        $Error.Count | Should -Be 0
        Pop-Location
        if ($null -ne $Text) { Remove-Item -LiteralPath $path }
    }

    It 'does not wait for a pipe that nobody writes to' -Skip:$IsWindows {
        & mkfifo "$TestDrive/rows.pipe"
        Push-Location -LiteralPath (New-Item -Path $TestDrive/empty -ItemType Directory -Force)
        Get-Completion "Send-TargetProfileBatch -LiteralPath '$TestDrive/rows.pipe' -IdProperty " | Should -BeNullOrEmpty
        Pop-Location
    }

    It 'offers batches of this runspace, encodings, delimiters and rules' {
        (Get-Completion 'Get-TargetBatchStatus ').CompletionText | Should -Contain "'$($batch.BatchId)'".Trim($(if ($batch.BatchId -match '^[a-z]') { "'" }))
        (Get-Completion 'Send-TargetProfileBatch -Encoding windows').CompletionText | Should -Be 'windows-1252'
        (Get-Completion 'Send-TargetProfileBatch -Delimiter ').CompletionText | Should -Be @("','", "';'", '"`t"', "'|'")
        (Get-Completion 'Send-TargetProfileBatch -ExcludeRule ').CompletionText | Should -Contain 'id.personal-data'
        (Get-Completion 'Send-TargetProfileBatch -ApiVersion ').CompletionText | Should -Be @('V1', 'V2')
    }

    It 'gives texts that can be bound' {
        $columns = (Get-Completion "Test-TargetProfileBatch -LiteralPath '$csvPath' -ExcludeProperty ").CompletionText[1, 2] -join ', '
        $line = "Test-TargetProfileBatch -LiteralPath '$csvPath' -IdProperty customerID -ExcludeProperty $columns -Delimiter ',' -Quiet 3>`$null"
        & ([scriptblock]::Create($line)) | Should -BeOfType [bool]
    }
}

Describe 'An endpoint' {
    It 'is taken as <Given>' -ForEach @(
        @{ Given = 'acme.tt.omtrdc.net'; Expected = 'https://acme.tt.omtrdc.net/' }
        @{ Given = 'target.example:8443'; Expected = 'https://target.example:8443/' }
        @{ Given = 'https://target.example'; Expected = 'https://target.example/' }
    ) {
        $shell = [powershell]::Create().AddScript({
                param($modulePath, $given)
                Import-Module $modulePath
                (Connect-TargetService acme -Endpoint $given -PassThru).Endpoint
            }).AddArgument($ModulePath).AddArgument($Given)
        $shell.Invoke() | Should -Be $Expected
        $shell.Dispose()
    }
}

Describe 'Views' {
    BeforeAll {
        $null = Set-TargetProfile v1 @{ tier = 'silver' }
        $secret = [System.Net.NetworkCredential]::new('', 'made-up-secret').SecurePassword
        $results = @{
            TargetConnection = Get-TargetConnection
            TargetProfileBatch = $batch
            TargetBatchStatus = $status
            TargetProfile = Get-TargetProfile v1
            TargetProfileUpdate = Set-TargetProfile v1 @{ tier = 'silver' } -PassThru
            TargetProfileComparison = [pscustomobject] @{ thirdPartyId = 'v1'; tier = 'gold' } | Compare-TargetProfile -TimeoutSec 0 -SummaryVariable summary -WarningAction SilentlyContinue
            TargetProfileComparisonSummary = $summary
            RunAccounting = $accounting
            TargetEmulator = $emulator
            TargetProfileToken = $emulator | New-TargetProfileToken acmeinc -AccessToken $secret -ApiKey $secret -Confirm:$false
            TargetRowFinding = [pscustomobject] @{ thirdPartyId = ''; tier = 'gold' } | Test-TargetProfileBatch
        }
    }

    It 'exist as table and as list for <Type>' -ForEach @(
        @{ Type = 'TargetConnection'; Table = 'ClientCode +Endpoint .*CallsPerMinute'; List = '(?m)^MaximumRetryCount +: 3' }
        @{ Type = 'TargetProfileBatch'; Table = '(?m)^ +1 Accepted +2 +\d+ B \d{4}-'; List = '(?m)^Bytes +: \d+ B\r?$' }
        @{ Type = 'TargetBatchStatus'; Table = 'Complete +2 +2 '; List = '(?m)^SuccessfulUpdates +: 2' }
        @{ Type = 'TargetProfile'; Table = 'ThirdPartyId +VisitorId'; List = '(?m)^Attributes +: .*tier = silver' }
        @{ Type = 'TargetProfileUpdate'; Table = 'v1 .* 1 +\d+ B'; List = '(?m)^ThirdPartyId +: v1' }
        @{ Type = 'TargetProfileComparison'; Table = '1 v1 +Different tier: silver, not gold'; List = '(?m)^Expected +: tier = gold' }
        @{ Type = 'TargetProfileComparisonSummary'; Table = 'Read +Compared +Match'; List = '(?m)^Different +: 1' }
        @{ Type = 'RunAccounting'; Table = 'Read +Accepted +Rejected'; List = '(?m)^Accepted +: 2' }
        @{ Type = 'TargetEmulator'; Table = 'ClientCode +Endpoint +StatusEndpoint'; List = '(?m)^Requests +: [1-9]' }
        @{ Type = 'TargetProfileToken'; Table = 'acmeinc \d{4}-\d\d-\d\d .* 89 d 23 h'; List = '(?m)^Left +: 89 d' }
        @{ Type = 'TargetRowFinding'; Table = '1 +Error +thirdPartyId +id.missing'; List = '(?m)^Rule +: id.missing' }
    ) {
        $one = $results[$Type] | Select-Object -First 1
        $one.PSObject.TypeNames[0] | Should -BeLike "*.$Type"
        $Error.Clear()
        $one | Format-Table | Out-String -Width 250 | Should -Match $Table
        $one | Format-List | Out-String -Width 250 | Should -Match $List
        $Error.Count | Should -Be 0
    }

    It 'name every output type of the module' {
        $types = (Get-Command -Module TargetProfiles).OutputType.Type | Where-Object FullName -Like 'TargetProfiles.*' | Sort-Object -Property FullName -Unique
        $types.Count | Should -BeGreaterOrEqual 8
        foreach ($type in $types) {
            (Get-FormatData -TypeName $type.FullName).FormatViewDefinition.Control.ForEach({ $_.GetType().Name }) | Sort-Object | Should -Be @('ListControl', 'TableControl') -Because $type.FullName
        }
    }

    It 'colour the state where there is $PSStyle, and nothing where output goes to a file' {
        $green = [TargetProfiles.PowerShell.Formatting.DisplayText]::State('Complete')
        $green | Should -Be "$($PSStyle.Foreground.Green)Complete$($PSStyle.Reset)"
        [TargetProfiles.PowerShell.Formatting.DisplayText]::State('Stuck') | Should -BeLike "$($PSStyle.Foreground.Red.Replace('[', '`['))*"
        $file = Join-Path -Path $TestDrive -ChildPath 'table.txt'
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Host'
        $status | Format-Table | Out-File -LiteralPath $file
        $PSStyle.OutputRendering = $rendering
        Get-Content -LiteralPath $file -Raw | Should -Not -Match ([char] 27)
    }

    It 'show sizes with units' {
        [TargetProfiles.PowerShell.Formatting.DisplayText]::Size(999) | Should -Be '999 B'
        [TargetProfiles.PowerShell.Formatting.DisplayText]::Size(50MB) | Should -Be "$((50).ToString('N1')) MB"
        [TargetProfiles.PowerShell.Formatting.DisplayText]::Size($null) | Should -BeNullOrEmpty
    }
}

Describe 'Each output pipes into the next cmdlet' {
    It 'from a send, a journal, a status' {
        ($batch | Get-TargetBatchStatus -Wait).State | Should -Be 'Complete'
        $journal = Join-Path -Path $TestDrive -ChildPath 'pipe.journal'
        $null = [pscustomobject] @{ thirdPartyId = 'v3'; tier = 'gold' } | Send-TargetProfileBatch -JournalPath $journal
        (Get-TargetProfileBatch $journal | Get-TargetBatchStatus -Wait).State | Should -Be 'Complete'
        ($status | Get-TargetBatchStatus).BatchId | Should -Be $status.BatchId
        (Get-Item -LiteralPath $journal | Get-TargetProfileBatch).State | Should -Be 'Accepted'
    }

    It 'from an update' {
        (Set-TargetProfile v1 @{ tier = 'blue' } -PassThru | Get-TargetProfile).Attributes['tier'] | Should -Be 'blue'
    }

    It 'but a profile is no row: nothing is sent' {
        $before = @($emulator.Requests | Where-Object Target -Like '*update*').Count
        Get-TargetProfile v1 | Set-TargetProfile -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RowRejected,*'
        @($emulator.Requests | Where-Object Target -Like '*update*').Count | Should -Be $before
    }

    It 'from an emulator and a connection' {
        $shell = [powershell]::Create().AddScript({
                param($modulePath)
                Import-Module $modulePath
                $connection = Start-TargetEmulator | Connect-TargetService -PassThru
                $connection.ClientCode
                (Get-TargetEmulator | Connect-TargetService -PassThru)[-1].ClientCode
                $connection | Disconnect-TargetService
            }).AddArgument($ModulePath)
        $shell.Invoke() | Should -Be @('acme', 'acme')
        $shell.Streams.Error | Should -BeNullOrEmpty
        $shell.Runspace.Dispose()
        $shell.Dispose()
    }
}

Describe 'Results that went through CLIXML' {
    BeforeAll {
        function Copy-Through {
            param($InputObject, [int] $Depth)
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($InputObject, $Depth))
        }
    }

    It 'keep a batch useful, at depth <Depth>' -ForEach @(@{ Depth = 1 }, @{ Depth = 2 }) {
        $copy = Copy-Through $batch $Depth
        $copy.State | Should -Be 'Accepted'
        $copy.ApiVersion | Should -Be 'V2'
        $copy.Rows | Should -Be 2
        $copy.SubmittedAt | Should -Be $batch.SubmittedAt
        $copy.SubmittedAt.Kind | Should -Be 'Utc'
        ($copy | Get-TargetBatchStatus -Wait).State | Should -Be 'Complete'
        $copy | Format-Table | Out-String -Width 250 | Should -Match 'Accepted +2 +\d+ B'
    }

    It 'keep the values of a profile, at depth <Depth>' -ForEach @(@{ Depth = 1 }, @{ Depth = 2 }) {
        $copy = Copy-Through (Get-TargetProfile v2) $Depth
        $copy.ThirdPartyId | Should -Be 'v2'
        $copy.Attributes['tier'] | Should -Be 'red'
        $copy.AttributesModifiedAt['tier'] | Should -BeOfType [datetime]
        $copy | Format-List | Out-String | Should -Match 'tier = red'
    }

    It 'keep counts and failed ids of a status' {
        $emulator.Options.ListFailedProfiles = $true
        $null = Invoke-RestMethod -Method Post -Uri "$($emulator.Endpoint)m2/acme/v2/profile/batchUpdate" -ContentType application/x-www-form-urlencoded -Body "batch=thirdPartyId,tier`nkept,gold`nlost%2F1,gold`n"
        $lost = Get-TargetBatchStatus ($emulator.Batches | Where-Object { $_.FailedIds.Count }).BatchId -Wait -Detailed -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BatchFailedRows,*'
        $lost.State | Should -Be 'CompleteWithFailures'
        $lost.FailedIds | Should -Be 'lost/1'
        $copy = Copy-Through $lost 1
        $copy.FailedIds | Should -Be 'lost/1'
        $copy.FailedUpdates | Should -Be 1
    }

    It 'keep the accounting of a run' {
        $path = Join-Path -Path $TestDrive -ChildPath 'accounting.xml'
        $accounting | Export-Clixml -LiteralPath $path
        $copy = Import-Clixml -LiteralPath $path
        $copy.Accepted | Should -Be 2
        $copy.IsComplete | Should -BeTrue
    }

    It 'hold no token of an emulator, and still connect' {
        $emulator.Options.Token = 'emulator-secret'
        $text = [System.Management.Automation.PSSerializer]::Serialize($emulator, 5)
        $emulator.Options.Token = $null
        $text | Should -Not -Match 'emulator-secret'
        $copy = [System.Management.Automation.PSSerializer]::Deserialize($text)
        ($copy | Connect-TargetService -CallsPerMinute 0 -PassThru).Endpoint | Should -Be $emulator.Endpoint
    }
}
