# The usual PowerShell script: every value escaped by hand, one POST for every 100,000 rows.
param([string] $Endpoint)
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$uri = "$Endpoint/m2/acme/v2/profile/batchUpdate"
$lines = [System.Collections.Generic.List[string]]::new()
$header = $null
function Send-Line {
    $body = $header + ($lines -join "`n") + "`n"
    Invoke-RestMethod -Uri $uri -Method Post -Body $body -ContentType 'application/x-www-form-urlencoded' | Out-Null
    $lines.Clear()
}
Get-ChildItem rows-*.csv | Import-Csv | ForEach-Object {
    if (-not $header) { $header = 'batch=' + ($_.PSObject.Properties.Name -join ',') + "`n" }
    $lines.Add((($_.PSObject.Properties.Value | ForEach-Object { [uri]::EscapeDataString($_) }) -join ','))
    if ($lines.Count -ge 100000) { Send-Line }
}
if ($lines.Count) { Send-Line }
$clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
