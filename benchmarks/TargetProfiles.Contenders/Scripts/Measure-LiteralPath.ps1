param([string] $Module, [string] $Endpoint, [switch] $GuardsOff)
Import-Module $Module
Connect-TargetService -ClientCode acme -Endpoint $Endpoint -CallsPerMinute 0
$files = (Get-ChildItem rows-*.csv).FullName
foreach ($run in 1..2) {
    Remove-Item left-* -ErrorAction Ignore
    $guards = if ($GuardsOff) { @{ DuplicateIdAction = 'Ignore' } } else { @{ JournalPath = 'left-journal'; RejectedPath = 'left-rejected.csv' } }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    Send-TargetProfileBatch -LiteralPath $files @guards -ErrorAction Stop | Out-Null
    $clock.Stop()
}
$clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
