BeforeAll {
    . $PSScriptRoot/Common.ps1
    $emulator = Start-TargetEmulator -NoThrottle -ProcessingDelay 0
    $emulator | Connect-TargetService -CallsPerMinute 0

    function Get-Stored {
        param([string] $Id)
        $null = $emulator.WaitForIdle([timespan]::FromMinutes(3))
        $emulator.FindByThirdPartyId($Id).Attributes
    }
}

AfterAll {
    $emulator | Stop-TargetEmulator
}

Describe 'Rows of every kind' {
    It 'takes hashtables, with typed values written culture-free' {
        $row = @{
            thirdPartyId = 'h1'
            number = 1234.5
            truth = $true
            day = [datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc)
            list = 'a', 'b'
            nothing = $null
        }
        $culture = [System.Globalization.CultureInfo]::CurrentCulture
        try {
            [System.Globalization.CultureInfo]::CurrentCulture = 'de-DE'
            ($row | Send-TargetProfileBatch).State | Should -Be 'Accepted'
        }
        finally {
            [System.Globalization.CultureInfo]::CurrentCulture = $culture
        }

        $stored = Get-Stored 'h1'
        $stored['number'] | Should -Be '1234.5'
        $stored['truth'] | Should -BeExactly 'true'
        $stored['day'] | Should -Be '2026-01-02T03:04:05Z'
        $stored['list'] | Should -Be 'a|b'
        $stored.ContainsKey('nothing') | Should -BeFalse
    }

    It 'takes typed objects' {
        Add-Type -TypeDefinition 'namespace TestData { public class Customer { public string thirdPartyId { get; set; } public int Points { get; set; } } }'
        $null = [TestData.Customer] @{ thirdPartyId = 't1'; Points = 3 } | Send-TargetProfileBatch
        (Get-Stored 't1')['Points'] | Should -Be '3'
    }

    It 'takes ConvertFrom-Json output, and rejects a nested object by naming the property' {
        $json = '[{"thirdPartyId":"j1","a":1.25,"tags":["x","y"]},{"thirdPartyId":"j2","home":{"city":"Rome"}}]'
        $batch = ConvertFrom-Json $json | Send-TargetProfileBatch -ErrorVariable problem -ErrorAction SilentlyContinue
        $batch.Rows | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RowRejected*'
        $problem[0].TargetObject.Column | Should -Be 'home'
        $problem[0].Exception.Message | Should -Not -Match 'Rome'
        (Get-Stored 'j1')['tags'] | Should -Be 'x|y'
    }

    It 'takes DataTables, DBNull as empty' {
        $table = [System.Data.DataTable]::new()
        $null = $table.Columns.Add('thirdPartyId')
        $null = $table.Columns.Add('visits', [int])
        $null = $table.Columns.Add('city')
        $null = $table.Rows.Add('d1', 5, 'Rome')
        $null = $table.Rows.Add('d2', [System.DBNull]::Value, 'Oslo')
        (Send-TargetProfileBatch -InputObject $table).Rows | Should -Be 2
        ($table | Send-TargetProfileBatch).Rows | Should -Be 2
        (Get-Stored 'd2').ContainsKey('visits') | Should -BeFalse
        (Get-Stored 'd1').Count | Should -Be 2
    }

    It 'takes XML elements, one row each' {
        $xml = [xml] '<r><c><thirdPartyId>x1</thirdPartyId><visits>5</visits></c><c><thirdPartyId>x2</thirdPartyId><visits>6</visits></c></r>'
        ($xml.r.c | Send-TargetProfileBatch).Rows | Should -Be 2
        (Get-Stored 'x2')['visits'] | Should -Be '6'
    }

    It 'takes dynamic objects and switches' {
        $row = [System.Dynamic.ExpandoObject]::new()
        $row.thirdPartyId = 'e1'
        $row.wanted = [switch] $true
        (Send-TargetProfileBatch -InputObject $row).Rows | Should -Be 1
        (Get-Stored 'e1')['wanted'] | Should -BeExactly 'true'
    }

    It 'counts nothing as a rejected row' {
        $rows = @{ thirdPartyId = 'n1'; a = 1 }, $null, @($null, @{ thirdPartyId = 'n2'; a = 1 })
        $batch = $rows | Send-TargetProfileBatch -SummaryVariable sum -ErrorVariable problem -ErrorAction SilentlyContinue
        $batch.Rows | Should -Be 2
        $sum.Read | Should -Be 4
        $sum.Rejected | Should -Be 2
        $problem.Count | Should -Be 2
    }

    It 'rejects a row whose value cannot be read, and goes on' {
        $table = [System.Data.DataTable]::new()
        $null = $table.Columns.Add('thirdPartyId')
        $null = $table.Columns.Add('a')
        1..3 | ForEach-Object { $null = $table.Rows.Add("r$_", 'x') }
        $table.AcceptChanges()
        $table.Rows[1].Delete()
        $failing = [pscustomobject] @{ thirdPartyId = 'r4' } | Add-Member -MemberType ScriptProperty -Name a -Value { throw 'no' } -PassThru
        $batch = @($table.Rows) + $failing | Send-TargetProfileBatch -ErrorVariable problem -ErrorAction SilentlyContinue
        $batch.Rows | Should -Be 2
        $problem.TargetObject.Rule | Should -Be @('value.unreadable', 'value.unreadable')
    }

    It 'refuses a column that is not there before anything is sent' {
        $before = $emulator.Batches.Count
        $problem = Get-TerminatingError { [pscustomobject] @{ thirdPartyId = 'p2'; Email = 'x' } | Send-TargetProfileBatch -ExcludeProperty 'E-Mail' }
        $problem.Exception.Message | Should -Match "names 'E-Mail'"
        $emulator.Batches.Count | Should -Be $before
    }

    It 'means the files when a wildcard matches a folder too' {
        $null = New-Item -Path "$TestDrive/mixed.csv" -ItemType Directory
        $null = Export-TestFile 'mixed-file.csv' "thirdPartyId,v`nm1,1`n"
        (Send-TargetProfileBatch "$TestDrive/mixed*.csv").Rows | Should -Be 1
    }

    It 'keeps a property that first appears in a late row' {
        $batch = & {
            foreach ($i in 1..5000) { [pscustomobject] @{ thirdPartyId = "l$i"; a = 1 } }
            [pscustomobject] @{ thirdPartyId = 'late'; a = 1; b = 'new' }
        } | Send-TargetProfileBatch
        $batch.Rows | Should -Be 5001
        (Get-Stored 'late')['b'] | Should -Be 'new'
        (Get-Stored 'l1').ContainsKey('b') | Should -BeFalse
    }

    It 'sees every property of rows that differ in shape' {
        Update-TypeData -TypeName TestData.Scored -MemberType ScriptProperty -MemberName score -Value { $this.a * 10 } -Force
        $rows = @(
            [pscustomobject] @{ thirdPartyId = 'w1'; a = 1 }
            [pscustomobject] @{ thirdPartyId = 'w2'; b = 2 }
            [pscustomobject] @{ a = 3; thirdPartyId = 'w3' }
            [pscustomobject] @{ PSTypeName = 'TestData.Scored'; thirdPartyId = 'w4'; a = 4 }
            [pscustomobject] @{ thirdPartyId = 'w5'; A = 5 }
            ([pscustomobject] @{ thirdPartyId = 'w6'; a = 6 } | Select-Object -Property *, @{ Name = 'c'; Expression = { 7 } })
        )
        # Looking at a row's properties first must change nothing.
        $null = $rows[2].PSObject.Properties.Name
        ($rows | Send-TargetProfileBatch).Rows | Should -Be 6
        (Get-Stored 'w1')['a'] | Should -Be '1'
        (Get-Stored 'w2')['b'] | Should -Be '2'
        (Get-Stored 'w2').ContainsKey('a') | Should -BeFalse
        (Get-Stored 'w3')['a'] | Should -Be '3'
        (Get-Stored 'w4')['score'] | Should -Be '40'
        (Get-Stored 'w5').Keys | Should -Be 'A'
        (Get-Stored 'w6')['c'] | Should -Be '7'
    }

    It 'sees a property that stands where an earlier row had another member' {
        @(
            [pscustomobject] @{ thirdPartyId = 'x1'; a = 1 } | Add-Member -MemberType ScriptMethod -Name m -Value { } -PassThru
            [pscustomobject] @{ thirdPartyId = 'x2'; a = 2; b = 3 }
        ) | Send-TargetProfileBatch | Should -HaveCount 1
        (Get-Stored 'x2')['b'] | Should -Be '3'
    }

    It 'takes files from Get-ChildItem' {
        1..3 | ForEach-Object { $null = Export-TestFile "part$_.csv" "thirdPartyId,v`nf$_,$_`n" }
        (Get-ChildItem -Path $TestDrive -Filter 'part*.csv' | Send-TargetProfileBatch).Rows | Should -Be 3
        (Send-TargetProfileBatch "$TestDrive/part*.csv").Rows | Should -Be 3
        (Get-Stored 'f3')['v'] | Should -Be '3'
    }

    It 'explains itself when text comes instead of rows' {
        $problem = Get-TerminatingError { 'crm.csv' | Send-TargetProfileBatch }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TextInsteadOfRows*'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'LiteralPath'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'ConvertFrom-Csv'
    }

    It 'ends at the first row if there is no id column' {
        $problem = Get-TerminatingError { [pscustomobject] @{ name = 'x'; city = 'y' } | Send-TargetProfileBatch }
        $problem.Exception.Message | Should -Match 'name, city'
        $problem.Exception.Message | Should -Match '-IdProperty'
    }

    It 'picks, leaves out and renames columns' {
        $row = [pscustomobject] @{ id = 'p1'; keepMe = 1; keepToo = 2; dropMe = 3; 'Annual Income (k$)' = 40 }
        $null = $row | Send-TargetProfileBatch -IdProperty id -Property 'keep*', 'Annual*' -ExcludeProperty keepToo -PropertyMap @{ 'Annual Income (k$)' = 'annualIncome' }
        $stored = Get-Stored 'p1'
        $stored.Keys | Sort-Object | Should -Be @('annualIncome', 'keepMe')
    }

    It 'strips profile. in front of names, with one warning' {
        $null = 1..3 | ForEach-Object { [pscustomobject] @{ thirdPartyId = "s$_"; 'profile.tier' = 'gold'; 'profile.x' = 1 } } | Send-TargetProfileBatch -WarningVariable said -WarningAction SilentlyContinue
        @($said).Count | Should -Be 1
        (Get-Stored 's1')['tier'] | Should -Be 'gold'
    }
}

Describe 'CSV files' {
    It 'reads <Name>' -ForEach @(
        @{ Name = 'a BOM and CRLF'; Bytes = [byte[]] (0xEF, 0xBB, 0xBF) + [System.Text.Encoding]::UTF8.GetBytes("thirdPartyId,city`r`nx,Rome`r`n"); Options = @{} }
        @{ Name = 'UTF-16'; Bytes = [byte[]] (0xFF, 0xFE) + [System.Text.Encoding]::Unicode.GetBytes("thirdPartyId,city`nx,Rome`n"); Options = @{} }
        @{ Name = 'Windows-1252'; Bytes = [byte[]] [System.Text.Encoding]::Latin1.GetBytes("thirdPartyId,city`nx,Rome`n"); Options = @{ Encoding = 'windows-1252' } }
        @{ Name = 'semicolons'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("thirdPartyId;city`nx;Rome`n"); Options = @{ Delimiter = ';' } }
        @{ Name = 'tabs'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("thirdPartyId`tcity`nx`tRome`n"); Options = @{ Delimiter = "`t" } }
        @{ Name = 'a sep= line'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("sep=;`nthirdPartyId;city`nx;Rome`n"); Options = @{} }
        @{ Name = 'a footer'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("thirdPartyId,city`nx,Rome`n`n(1 row affected)`n"); Options = @{ SkipFooter = 1 } }
        @{ Name = 'no header'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("x,Rome`n"); Options = @{ Header = 'thirdPartyId', 'city' } }
    ) {
        $path = Join-Path -Path $TestDrive -ChildPath 'dialect.csv'
        [System.IO.File]::WriteAllBytes($path, $Bytes)
        (Send-TargetProfileBatch -LiteralPath $path @Options).Rows | Should -Be 1
        (Get-Stored 'x')['city'] | Should -Be 'Rome'
    }

    It 'warns of an empty file and of a header alone, and goes on' {
        foreach ($text in '', "thirdPartyId,city`n") {
            $path = Export-TestFile 'empty.csv' $text
            Send-TargetProfileBatch -LiteralPath $path -WarningVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $said | Should -Match 'no rows'
        }
    }

    It 'names row and column of an open quote, and sends the other rows' {
        $path = Export-TestFile 'quote.csv' "thirdPartyId,city`na,Rome`nb,Oslo`nc,""Paris`nd,Bern`ne,Wien`n"
        $batch = Send-TargetProfileBatch -LiteralPath $path -ErrorVariable problem -ErrorAction SilentlyContinue
        $batch.Rows | Should -Be 4
        $problem[0].TargetObject.Row | Should -Be 3
        $problem[0].TargetObject.Column | Should -Be 'city'
    }

    It 'refuses <Name> with one error' -ForEach @(
        @{ Name = 'duplicate headers'; Text = "thirdPartyId,city,City`nx,1,2`n"; Says = 'same name' }
        @{ Name = 'the wrong delimiter'; Text = "thirdPartyId;city`nx;1`n"; Says = 'delimiter' }
        @{ Name = 'a missing id column'; Text = "id,city`nx,1`n"; Says = 'IdProperty' }
    ) {
        $path = Export-TestFile 'refused.csv' $Text
        $problem = Get-TerminatingError { Send-TargetProfileBatch -LiteralPath $path }
        $problem.Exception.Message | Should -Match 'refused.csv'
        $problem.Exception.Message | Should -Match $Says
    }
}
