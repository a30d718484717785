BeforeAll {
    . $PSScriptRoot/Common.ps1
    $pagePath = Join-Path -Path $RepositoryPath -ChildPath 'docs/first-ten-minutes.md'

    # Each command with the lines below it; times, ids, ports, versions, folders and the widths of columns aside.
    function ConvertTo-Session {
        param([string[]] $Line)
        foreach ($text in $Line) {
            $text = ($text -replace '\s+', ' ' -replace '-{2,}', '--').Trim()
            $text = $text -replace '127\.0\.0\.1:\d+', '127.0.0.1:PORT' -replace '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d', 'TIME'
            $text = $text -replace 'acme-\d+-\d+', 'BATCHID' -replace '\d+\.\d+\.\d+(?= TargetProfiles$)', 'VERSION'
            $text = $text -replace '(?<= written to ).+?(?=rejected\.csv)'
            if ($text) { $text }
        }
    }
}

# Windows PowerShell shows errors otherwise.
Describe 'The page of the first ten minutes' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
    It 'shows what PowerShell shows' {
        $blocks = [regex]::Matches([System.IO.File]::ReadAllText($pagePath), '(?ms)^```\n(PS> .*?)^```')
        $shown = @(ConvertTo-Session ($blocks | ForEach-Object { $_.Groups[1].Value -split '\n' }))

        $modulePaths = $env:PSModulePath
        Push-Location -LiteralPath $TestDrive
        try {
            $env:PSModulePath = (Split-Path -Path (Resolve-Path -LiteralPath $ModulePath)) + [System.IO.Path]::PathSeparator + $modulePaths
            $pwsh = (Get-Process -Id $PID).Path
            $printed = @(ConvertTo-Session (& $pwsh -NoProfile -NonInteractive -File $PSScriptRoot/Invoke-PageSession.ps1 -Path $pagePath))
        }
        finally {
            Pop-Location
            $env:PSModulePath = $modulePaths
        }

        # A line of three dots stands for any number of lines, up to the next that is shown.
        $at = 0
        for ($i = 0; $i -lt $shown.Count; $i++) {
            if ($shown[$i] -eq '...') {
                $i++
                while ($at -lt $printed.Count -and $printed[$at] -cne $shown[$i]) { $at++ }
            }

            $printed[$at] | Should -BeExactly $shown[$i] -Because "the page says so, after: $($shown[[math]::Max(0, $i - 1)])"
            $at++
        }

        $printed.Count | Should -Be $at
    }
}
