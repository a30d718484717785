<#
.SYNOPSIS
    Builds, tests, analyses and packages the module.
.DESCRIPTION
    Wraps what the .NET SDK does, for people who live in PowerShell. The only thing it needs is the .NET SDK;
    Analyze needs PSScriptAnalyzer, and Test runs Pester too where Pester 5 is installed.

    Package makes what is published, from a Release build and without network: out/packages/TargetProfiles.VERSION.nupkg
    for the PowerShell Gallery, and TargetProfiles.Cli.VERSION.nupkg, the .NET tool.
.EXAMPLE
    ./build.ps1
    Builds, and stages the module at out/TargetProfiles.
.EXAMPLE
    ./build.ps1 -Task Build, Test, Analyze, Package
.EXAMPLE
    ./build.ps1 -Task Package -CertificateThumbprint 0123456789ABCDEF0123456789ABCDEF01234567 -TimestampServer http://timestamp.example.com
    Signs the module, on Windows, with a code signing certificate of the user's or the machine's store.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Analyze', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Signs the module with this certificate. Without one it is not signed.
    [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,

    # Finds the certificate in Cert:\CurrentUser\My or Cert:\LocalMachine\My.
    [ValidatePattern('^[0-9A-Fa-f]{40}$')]
    [string] $CertificateThumbprint,

    [uri] $TimestampServer
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$modulePath = Join-Path -Path $PSScriptRoot -ChildPath 'out/TargetProfiles'
$packagesPath = Join-Path -Path $PSScriptRoot -ChildPath 'out/packages'

function Invoke-DotNet {
    param([string[]] $Argument)
    & dotnet $Argument
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $Argument failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Analysis {
    if (-not (Get-Module -Name PSScriptAnalyzer -ListAvailable)) {
        throw 'PSScriptAnalyzer is not installed. Install it with: Install-Module PSScriptAnalyzer -Scope CurrentUser'
    }

    $findings = @(
        Invoke-ScriptAnalyzer -Path $modulePath -Recurse -Settings PSGallery
        foreach ($path in 'out/TargetProfiles', 'build.ps1', 'tools', 'samples', 'tests/Module') {
            Invoke-ScriptAnalyzer -Path $PSScriptRoot/$path -Recurse -Settings $PSScriptRoot/PSScriptAnalyzerSettings.psd1
        }
    )
    $findings | Format-Table -Property Severity, RuleName, ScriptName, Line, Message -Wrap | Out-Host
    if ($findings.Count -gt 0) {
        throw "PSScriptAnalyzer has $($findings.Count) findings."
    }
}

function Find-Certificate {
    param([string] $Thumbprint)
    if (-not (Get-PSDrive -Name Cert -ErrorAction Ignore)) {
        throw 'This system has no certificate store. Make a signed package on Windows, or give -Certificate.'
    }

    $found = Get-Item -Path "Cert:\CurrentUser\My\$Thumbprint", "Cert:\LocalMachine\My\$Thumbprint" -ErrorAction Ignore | Select-Object -First 1
    if (-not $found) {
        throw "There is no certificate $Thumbprint in Cert:\CurrentUser\My or Cert:\LocalMachine\My."
    }

    $found
}

function Export-Package {
    param($Certificate, [uri] $TimestampServer)
    $signing = @{}
    if ($Certificate) {
        $signing.Certificate = $Certificate
        $signing.TimestampServer = $TimestampServer
    }

    Invoke-DotNet -Argument build, src/TargetProfiles.PowerShell, --configuration, Release
    & $PSScriptRoot/tools/New-ModulePackage.ps1 -ModulePath $modulePath -DestinationPath $packagesPath @signing
    Invoke-DotNet -Argument pack, src/TargetProfiles.Cli, --configuration, Release, --output, $packagesPath
}

if ($CertificateThumbprint) {
    $Certificate = Find-Certificate -Thumbprint $CertificateThumbprint
}

Push-Location -LiteralPath $PSScriptRoot
try {
    switch ($Task) {
        'Build' { Invoke-DotNet -Argument build, --configuration, $Configuration }
        'Test' { Invoke-DotNet -Argument test, --configuration, $Configuration }
        'Analyze' { Invoke-Analysis }
        'Package' { Export-Package -Certificate $Certificate -TimestampServer $TimestampServer }
    }
}
finally {
    Pop-Location
}
