# Writes beside each .csv here what Import-Csv gives for it, as .json. To be run in PowerShell 7.4 or later after a file was
# added: pwsh -NoProfile -File tests/data/import-csv/Update-Golden.ps1
#
# The delimiter is a comma, or what the second part of the name says. A row is a list of its values, null where Import-Csv
# has none; error is its message where it read nothing at all.
#Requires -Version 7.4
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$delimiters = @{ semicolon = ';'; tab = "`t"; pipe = '|' }
foreach ($file in Get-ChildItem -LiteralPath $PSScriptRoot -Filter *.csv) {
    $second = [IO.Path]::GetExtension($file.BaseName).TrimStart('.')
    $delimiter = $second ? $delimiters[$second] : ','
    $golden = [ordered]@{ header = @(); rows = @(); error = $null }
    try {
        $rows = @(Import-Csv -LiteralPath $file.FullName -Delimiter $delimiter -WarningAction SilentlyContinue)
        if ($rows.Count -gt 0) { $golden.header = @($rows[0].PSObject.Properties.Name) }
        $golden.rows = @(foreach ($row in $rows) { , @($row.PSObject.Properties.Value) })
    }
    catch {
        $golden.error = $_.Exception.Message
    }

    $json = ConvertTo-Json -InputObject $golden -Depth 4 -Compress -EscapeHandling EscapeNonAscii
    $path = Join-Path $PSScriptRoot "$($file.BaseName).json"
    [IO.File]::WriteAllText($path, "$json`n")
}
