param([string] $Module, [string] $Endpoint)
Import-Module $Module
Connect-TargetService -ClientCode acme -Endpoint $Endpoint -CallsPerMinute 0
foreach ($run in 1..2) {
    Remove-Item left-* -ErrorAction Ignore
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    Get-ChildItem rows-*.csv | Import-Csv | Send-TargetProfileBatch -JournalPath left-journal -RejectedPath left-rejected.csv -ErrorAction Stop | Out-Null
    $clock.Stop()
}
$clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
