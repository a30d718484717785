# Picks the build that fits this PowerShell. Everything else is in the assemblies.
if ($PSEdition -eq 'Core' -and [System.Environment]::Version.Major -lt 8) {
    throw "TargetProfiles needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $($PSVersionTable.PSVersion)."
}

$framework = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
Import-Module -Name "$PSScriptRoot/bin/$framework/TargetProfiles.PowerShell.dll" -ErrorAction Stop
