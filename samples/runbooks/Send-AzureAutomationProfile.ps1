<#
.SYNOPSIS
    Azure Automation runbook: sends a CRM export to Adobe Target, and fails if anything is left over.
.DESCRIPTION
    For a Hybrid Runbook Worker that can read the file, with the module TargetProfiles installed on it. The credential
    asset holds the client code as user name and the profile authentication token as password.

    Azure Automation may start an interrupted runbook from the beginning: the journal makes it go on instead.
.EXAMPLE
    Start-AzAutomationRunbook -Name Send-AzureAutomationProfile -RunOn crm-workers -Parameters @{ Path = 'D:\crm\crm.csv'; StateFolder = 'D:\crm\state' } -ResourceGroupName crm -AutomationAccountName crm
#>
[CmdletBinding()]
param(
    # The CSV file.
    [Parameter(Mandatory = $true)]
    [string] $Path,

    # Folder for the journal and for rejected rows. It must still be there the next night.
    [Parameter(Mandatory = $true)]
    [string] $StateFolder,

    # Name of the credential asset.
    [string] $AssetName = 'AdobeTarget',

    # Seconds to wait for each batch. Target may take hours.
    [int] $TimeoutSec = 14400
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$credential = Get-AutomationPSCredential -Name $AssetName
if (-not $credential) {
    throw "There is no credential asset '$AssetName'. Add it to the Automation account: user name is the client code, password is the token."
}

Connect-TargetService -Credential $credential

$journalPath = Join-Path -Path $StateFolder -ChildPath 'crm.journal'
$rejectedPath = Join-Path -Path $StateFolder -ChildPath 'rejected.csv'
Send-TargetProfileBatch -LiteralPath $Path -JournalPath $journalPath -RejectedPath $rejectedPath -SummaryVariable accounting -ErrorAction Continue | Out-Null
"$accounting"

# All batches of the run of which Target has not said the last word: those of an earlier start too, which may have ended before.
$failedPath = Join-Path -Path $StateFolder -ChildPath 'failed.csv'
Get-TargetBatchStatus -JournalPath $journalPath -FailedPath $failedPath -Wait -TimeoutSec $TimeoutSec -ErrorAction Continue -ErrorVariable unfinished
$failed = Get-TargetProfileBatch -JournalPath $journalPath | Where-Object { $_.Outcome -in 'Stuck', 'CompleteWithFailures' }
$problems = @($unfinished) + @($failed | ForEach-Object { "Batch $($_.Number): $($_.Outcome)." })
if ($problems) {
    throw "Target has not processed everything. $($problems -join ' ') Rows to send again stand in $failedPath, if there are any."
}

if (-not $accounting.IsComplete) {
    throw "Not every row was accepted. $accounting. Rejected rows stand in $StateFolder, with the reason."
}
