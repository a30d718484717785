# What reading alone costs in PowerShell; the second run, as with the others.
foreach ($run in 1..2) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    Get-ChildItem rows-*.csv | Import-Csv | Out-Null
    $clock.Stop()
}
$clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
