<#
.SYNOPSIS
    Types the commands of a page, one after the other, and writes what a PowerShell window of 100 columns shows.
.DESCRIPTION
    The commands are the lines that begin with "PS> ". The page's first block of CSV is put into crm.csv first,
    in the current folder. What is written can be pasted into the page.
.EXAMPLE
    pwsh -NoProfile -NonInteractive -File tests/Module/Invoke-PageSession.ps1 -Path docs/first-ten-minutes.md
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path
)

# One stream, so that errors stand between the other lines as they do in a window.
[Console]::SetError([Console]::Out)
$ProgressPreference = 'SilentlyContinue'
$page = [System.IO.File]::ReadAllText($Path)
[System.IO.File]::WriteAllText("$PWD/crm.csv", [regex]::Match($page, '(?ms)^```csv\n(.*?^)```').Groups[1].Value)
foreach ($typed in [regex]::Matches($page, '(?m)^PS> (.+)$')) {
    $typed.Value
    . ([scriptblock]::Create($typed.Groups[1].Value)) | Out-String -Stream -Width 100
}
