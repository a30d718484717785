BeforeDiscovery {
    $root = Resolve-Path -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath '../..')
    $manifest = Import-PowerShellDataFile -LiteralPath (Join-Path -Path $root -ChildPath 'TargetProfiles.psd1')
    $pages = foreach ($name in $manifest.CmdletsToExport) {
        @{ Name = $name; Path = Join-Path -Path $root -ChildPath "docs/en-US/$name.md" }
    }
    $examples = foreach ($page in $pages) {
        $text = [System.IO.File]::ReadAllText($page.Path)
        foreach ($match in [regex]::Matches($text, '(?ms)^### (?<title>Example \d+: [^\n]+)\n.*?^```powershell\n(?<code>.*?)\n```')) {
            @{ Name = $page.Name; Title = $match.Groups['title'].Value; Code = $match.Groups['code'].Value }
        }
    }
    $abouts = Get-ChildItem -LiteralPath (Join-Path -Path $root -ChildPath 'docs/en-US') -Filter 'about_*.md' |
        ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
    $hasPlatyPS = [bool] (Get-Module -Name Microsoft.PowerShell.PlatyPS -ListAvailable)
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $trivial = 'Disconnect-TargetService', 'Get-TargetConnection', 'Get-TargetEmulator', 'Stop-TargetEmulator'

    function Get-Paragraph {
        param($Text)
        ($Text | ForEach-Object Text) -join "`n"
    }
}

Describe 'Get-Help <Name>' -ForEach $pages {
    BeforeAll {
        $command = Get-Command -Name $Name
        $help = Get-Help -Name $Name -Full
        $page = [System.IO.File]::ReadAllText($Path)
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        Get-Paragraph $help.description | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter, with its default' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        $expected = $command.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
        # Of a cmdlet without parameters, -Parameter * says that there is no such parameter.
        $described = @(if ($expected) { Get-Help -Name $Name -Parameter * })
        $described | ForEach-Object Name | Sort-Object | Should -Be $expected

        $cmdlet = $command.ImplementingType::new()
        foreach ($parameter in $described) {
            Get-Paragraph $parameter.description | Should -Match '^[A-Z`]' -Because $parameter.Name
            $type = $command.Parameters[$parameter.Name].ParameterType
            $type = if ([System.Nullable]::GetUnderlyingType($type)) { [System.Nullable]::GetUnderlyingType($type) } else { $type }
            if ($type.IsEnum) {
                $parameter.parameterValueGroup.parameterValue | Should -Be ([enum]::GetNames($type)) -Because $parameter.Name
            }

            $property = $command.ImplementingType.GetProperty($parameter.Name)
            $default = if ($property) { $property.GetValue($cmdlet) }
            if ($default -is [ValueType] -or $default -is [string]) {
                # A default that hangs on the machine is described in words too.
                if ($parameter.Name -ne 'ThrottleLimit') {
                    $parameter.defaultValue | Should -BeExactly "$default" -Because $parameter.Name
                }
            }
        }
    }

    It 'shows the syntax that PowerShell tells' {
        $told = (Get-Command -Name $Name -Syntax) -split '\r?\n' | Where-Object { $_ } | Sort-Object
        $shown = [regex]::Match($page, '(?s)\n## SYNTAX\n(.*?)\n## ').Groups[1].Value
        $lines = [regex]::Matches($shown, '(?s)```\n(.*?)\n```') | ForEach-Object { $_.Groups[1].Value -replace '\s+', ' ' } | Sort-Object
        $lines | Should -BeExactly $told
    }

    It 'has its examples, three at least where the cmdlet does a job' {
        $shown = @($help.examples.example)
        $least = if ($Name -in $trivial) { 1 } else { 3 }
        $shown.Count | Should -BeGreaterOrEqual $least
        $shown.Count | Should -Be ([regex]::Matches($page, '(?m)^### Example ').Count)
        foreach ($example in $shown) {
            $page.Contains("``````powershell`n$($example.code)`n``````") | Should -BeTrue -Because $example.code
        }
    }

    It 'leads to its page' {
        $command.HelpUri | Should -BeExactly "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/$Name.md"
        $help.relatedLinks.navigationLink[0].uri | Should -BeExactly $command.HelpUri
    }
}

Describe 'Get-Help <Name>' -ForEach $abouts {
    It 'is plain text of 80 columns' {
        $text = Get-Help -Name $Name
        $text | Should -Match "TOPIC\s+$Name\s+SHORT DESCRIPTION"
        $text -split '\r?\n' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $text | Should -Not -Match '```|\]\(|^#'
    }

    It 'shows commands that PowerShell can parse' {
        foreach ($match in [regex]::Matches([System.IO.File]::ReadAllText($Path), '(?ms)^```powershell\n(.*?)\n```')) {
            $errors = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($match.Groups[1].Value, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $match.Groups[1].Value
        }
    }
}

Describe 'The script of about_TargetProfiles_Runbooks' {
    It 'sends a file once, and says that a rejected row is not accepted' {
        $page = [System.IO.File]::ReadAllText("$PSScriptRoot/../../docs/en-US/about_TargetProfiles_Runbooks.md")
        $script = Export-TestFile 'Send-Crm.ps1' ([regex]::Match($page, '(?ms)^```powershell\n(.*?)\n```').Groups[1].Value)
        $null = Export-TestFile 'crm.csv' "thirdPartyId,tier`nU1,gold`nU2,silver"
        $emulator = Start-TargetEmulator -ProcessingDelay 0
        $emulator | Connect-TargetService
        $modulePaths = $env:PSModulePath
        $env:PSModulePath = Split-Path -Path (Resolve-Path -LiteralPath $ModulePath)
        try {
            (& $script).Accepted | Should -Be 2
            (& $script -WarningAction SilentlyContinue).IsComplete | Should -BeTrue
            @(Get-BodyHash $emulator).Count | Should -Be 1
            $null = Export-TestFile 'crm.csv' "thirdPartyId,tier`nU1,gold`nU+,silver"
            (Get-TerminatingError { & $script }).Exception.Message | Should -Be 'Some rows were not accepted.'
            Get-ChildItem -LiteralPath $TestDrive -Filter 'rejected*.csv' | Should -Not -BeNullOrEmpty
        }
        finally {
            $env:PSModulePath = $modulePaths
            Disconnect-TargetService
            $emulator | Stop-TargetEmulator
        }
    }
}

# What an example may count on: a folder with the samples in it, a person who types a token, and a vault.
Describe 'Every example runs' {
    BeforeAll {
        $repository = Join-Path -Path $PSScriptRoot -ChildPath '../..'
        Copy-Item -LiteralPath (Join-Path -Path $repository -ChildPath 'samples') -Destination $TestDrive -Recurse
        Push-Location -LiteralPath $TestDrive
        $secret = [System.Net.NetworkCredential]::new('', 'made-up-token').SecurePassword
        function Get-Secret {
            param($Name)
            $Name | Should -Not -BeNullOrEmpty
            $secret
        }
        Set-Item -Path function:Set-Secret -Value {
            param($Name, $Secret)
            $Name | Should -Not -BeNullOrEmpty
            $Secret | Should -BeOfType [securestring]
        }
        Mock Read-Host { $secret }
        # Waiting shows nothing here.
        $PSDefaultParameterValues = @{ 'Start-TargetEmulator:ProcessingDelay' = [timespan]::Zero }
    }

    AfterEach {
        Disconnect-TargetService
        Stop-TargetEmulator
        Remove-Item -Path env:TARGET_CLIENT_CODE -ErrorAction Ignore
    }

    AfterAll {
        Pop-Location
    }

    It '<Name>, <Title>' -ForEach $examples {
        $written = & ([scriptblock]::Create($Code)) 2>&1
        $written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
    }
}

Describe 'What PlatyPS makes of the pages' -Skip:(-not $hasPlatyPS) {
    BeforeAll {
        function Get-Text {
            param($Node, [string] $XPath)
            $text = ($Node.SelectNodes($XPath, $namespaces) | ForEach-Object InnerText) -join ' '
            # PlatyPS keeps the markdown, and marks blank lines.
            ($text -replace '```\w*|`|\*|\[([^\]]+)\]\([^)]+\)|\u0080', '$1' -replace '\s+', ' ').Trim()
        }

        function Get-CommandHelp {
            param([string] $Path)
            $document = [xml]::new()
            $document.Load($Path)
            $script:namespaces = [System.Xml.XmlNamespaceManager]::new($document.NameTable)
            $namespaces.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
            $namespaces.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
            $namespaces.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')
            $commands = @{}
            foreach ($node in $document.SelectNodes('//command:command', $namespaces)) {
                $commands[(Get-Text $node 'command:details/command:name')] = $node
            }
            $commands
        }

        $pageFolder = Join-Path -Path $PSScriptRoot -ChildPath '../../docs/en-US'
        $null = Get-ChildItem -Path $pageFolder -Filter '*-*.md' |
            Microsoft.PowerShell.PlatyPS\Import-MarkdownCommandHelp |
            Microsoft.PowerShell.PlatyPS\Export-MamlCommandHelp -OutputFolder $TestDrive
        $theirs = Get-CommandHelp (Join-Path -Path $TestDrive -ChildPath 'TargetProfiles/TargetProfiles.PowerShell.dll-Help.xml')
        $ours = Get-CommandHelp (Join-Path -Path $ModulePath -ChildPath 'en-US/TargetProfiles.PowerShell.dll-Help.xml')
    }

    It 'is valid, and says what our help of <Name> says' -ForEach $pages {
        Microsoft.PowerShell.PlatyPS\Test-MarkdownCommandHelp -Path $Path | Should -BeTrue
        $their = $theirs[$Name]
        $our = $ours[$Name]
        foreach ($text in 'command:details', 'maml:description', 'command:inputTypes', 'command:returnValues', 'maml:alertSet', 'command:examples') {
            Get-Text $our "$text//maml:para | $text//maml:title | $text//dev:code | $text//maml:name" |
                Should -BeExactly (Get-Text $their "$text//maml:para | $text//maml:title | $text//dev:code[text()] | $text//maml:name") -Because $text
        }

        $theirParameters = @($their.SelectNodes('command:parameters/command:parameter', $namespaces))
        $ourParameters = @($our.SelectNodes('command:parameters/command:parameter', $namespaces))
        $ourParameters.Count | Should -Be $theirParameters.Count
        for ($i = 0; $i -lt $ourParameters.Count; $i++) {
            $parameter = Get-Text $ourParameters[$i] 'maml:name'
            $parts = 'maml:name | maml:description | dev:type/maml:name | command:parameterValueGroup | @required | @globbing | @pipelineInput | @position | @aliases'
            Get-Text $ourParameters[$i] $parts | Should -BeExactly (Get-Text $theirParameters[$i] $parts) -Because $parameter
        }

        $syntax = 'command:syntax/command:syntaxItem/command:parameter'
        foreach ($text in 'maml:name', '@required', '@aliases') {
            Get-Text $our "$syntax/$text" | Should -BeExactly (Get-Text $their "$syntax/$text") -Because "syntax $text"
        }

        Get-Text $our 'command:relatedLinks//maml:linkText' | Should -BeExactly (Get-Text $their 'command:relatedLinks//maml:linkText')
    }
}
