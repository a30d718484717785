# Picks the build that fits this PowerShell. Everything else is in the assemblies.

if ($PSVersionTable.PSEdition -eq 'Core' -and $PSVersionTable.PSVersion -lt [version]'7.4') {
    throw "TargetProfiles needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $($PSVersionTable.PSVersion)."
}

$framework = if ($PSVersionTable.PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
$binPath = Join-Path -Path $PSScriptRoot -ChildPath 'bin' | Join-Path -ChildPath $framework

$module = Import-Module -Name (Join-Path -Path $binPath -ChildPath 'TargetProfiles.PowerShell.dll') -PassThru -ErrorAction Stop

# Loads Core, so that its types resolve by name from the start: [TargetProfiles.RunAccounting], for example.
[void][TargetProfiles.PowerShell.ModuleState]::CoreVersion

Export-ModuleMember -Cmdlet @($module.ExportedCmdlets.Keys)
