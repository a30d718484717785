# Picks the build that fits this PowerShell. Everything else is in the assemblies.
# PowerShell compiles each operator and each text with a variable at every import: there are as few as possible.
try {
    if ($PSEdition -eq 'Core') {
        Import-Module -Name $PSScriptRoot/bin/net8.0/TargetProfiles.PowerShell.dll -ErrorAction Stop
    }
    else {
        Import-Module -Name $PSScriptRoot/bin/netstandard2.0/TargetProfiles.PowerShell.dll -ErrorAction Stop
    }
}
catch {
    if ($PSEdition -eq 'Core' -and $PSVersionTable.PSVersion -lt '7.4') {
        throw "TargetProfiles needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $($PSVersionTable.PSVersion)."
    }

    throw
}
