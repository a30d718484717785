<#
.SYNOPSIS
    Builds, tests, analyses and packages the module.
.DESCRIPTION
    Wraps what the .NET SDK does, for people who live in PowerShell. The only thing it needs is the .NET SDK;
    Analyze needs PSScriptAnalyzer, and Test runs Pester too where Pester 5 is installed.
.EXAMPLE
    ./build.ps1
    Builds, and stages the module at out/TargetProfiles.
.EXAMPLE
    ./build.ps1 -Task Build, Test, Analyze, Package -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Analyze', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$modulePath = Join-Path -Path $PSScriptRoot -ChildPath 'out/TargetProfiles'

function Invoke-DotNet {
    param([string] $Command, [string] $Configuration)
    & dotnet $Command --configuration $Configuration
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $Command failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Analysis {
    if (-not (Get-Module -Name PSScriptAnalyzer -ListAvailable)) {
        throw 'PSScriptAnalyzer is not installed. Install it with: Install-Module PSScriptAnalyzer -Scope CurrentUser'
    }

    $findings = @(
        Invoke-ScriptAnalyzer -Path $modulePath -Recurse -Settings PSGallery
        Invoke-ScriptAnalyzer -Path $modulePath -Recurse -Settings $PSScriptRoot/PSScriptAnalyzerSettings.psd1
        Invoke-ScriptAnalyzer -Path $PSScriptRoot/build.ps1 -Settings $PSScriptRoot/PSScriptAnalyzerSettings.psd1
        Invoke-ScriptAnalyzer -Path $PSScriptRoot/tests/Module -Recurse -Settings $PSScriptRoot/PSScriptAnalyzerSettings.psd1
    )
    $findings | Format-Table -Property Severity, RuleName, ScriptName, Line, Message -Wrap | Out-Host
    if ($findings.Count -gt 0) {
        throw "PSScriptAnalyzer has $($findings.Count) findings."
    }
}

function Export-ModulePackage {
    $null = Test-ModuleManifest -Path $modulePath/TargetProfiles.psd1
    $version = (Import-PowerShellDataFile -LiteralPath $PSScriptRoot/TargetProfiles.psd1).ModuleVersion
    $packages = New-Item -Path $PSScriptRoot/out/packages -ItemType Directory -Force
    $package = Join-Path -Path $packages.FullName -ChildPath "TargetProfiles.$version.zip"
    if (Test-Path -LiteralPath $package) {
        Remove-Item -LiteralPath $package
    }

    # Windows PowerShell does not load it by itself.
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [System.IO.Compression.ZipFile]::CreateFromDirectory($modulePath, $package)
    "Packaged $package"
}

Push-Location -LiteralPath $PSScriptRoot
try {
    if ($Task -contains 'Build' -or $Task -contains 'Package') {
        Invoke-DotNet -Command build -Configuration $Configuration
    }

    switch ($Task) {
        'Test' { Invoke-DotNet -Command test -Configuration $Configuration }
        'Analyze' { Invoke-Analysis }
        'Package' { Export-ModulePackage }
    }
}
finally {
    Pop-Location
}
