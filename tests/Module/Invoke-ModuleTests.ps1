<#
.SYNOPSIS
    Runs Pester tests of the module in this PowerShell.
.DESCRIPTION
    Exit code 0: all passed. 1: some failed. 77: Pester 5 is not installed, nothing was run.
.EXAMPLE
    pwsh -NoProfile -File tests/Module/Invoke-ModuleTests.ps1
    Tests the module that dotnet build staged at out/TargetProfiles.
.EXAMPLE
    pwsh -NoProfile -File tests/Module/Invoke-ModuleTests.ps1 -ModulePath ./modules/TargetProfiles
    Tests a module that Save-PSResource put into ./modules.
#>
[CmdletBinding()]
param(
    [string[]] $Path = $PSScriptRoot,

    # Folder of the module to test, or of its versions; by default out/TargetProfiles.
    [string] $ModulePath
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

if ($ModulePath) {
    $env:TARGET_PROFILES_MODULE = (Get-Item -LiteralPath $ModulePath).FullName
}

$pester = Get-Module -Name Pester -ListAvailable | Where-Object { $_.Version.Major -eq 5 } | Select-Object -First 1
if (-not $pester) {
    'Pester 5 is not installed. Install it with: Install-Module Pester -Scope CurrentUser'
    exit 77
}

$pester | Import-Module
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
foreach ($test in $result.Failed) {
    "FAILED: $($test.ExpandedPath)"
    $test.ErrorRecord | ForEach-Object { "    $($_.Exception.Message)" }
}

foreach ($file in $result.Containers) {
    "$($file.Result): $(Split-Path -Path $file.Item -Leaf)"
}

"$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
$nothingRan = $result.TotalCount -eq 0
exit [int]($result.FailedCount -gt 0 -or $result.FailedContainersCount -gt 0 -or $nothingRan)
