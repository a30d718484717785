<#
.SYNOPSIS
    Sends a CRM export to Adobe Target, waits until Target has processed it, and fails if anything is left over.
.DESCRIPTION
    For any scheduler that starts PowerShell. Run it as often as you like: it goes on where an earlier run ended, and does
    not send a file twice. It ends with exit code 1, and says why, unless every row has arrived.

    The client code and the token come from -SecretPath, or from TARGET_CLIENT_CODE and TARGET_PROFILE_TOKEN.
.EXAMPLE
    pwsh -NoProfile -NonInteractive -File ./Send-NightlyProfile.ps1 -Path /data/crm/crm.csv -StateFolder /data/crm/state
#>
[CmdletBinding()]
param(
    # The CSV file.
    [Parameter(Mandatory = $true)]
    [string] $Path,

    # Folder for the journal and for rejected rows. It must still be there the next night.
    [Parameter(Mandatory = $true)]
    [string] $StateFolder,

    # File made by: Get-Credential | Export-Clixml FILE. User name: the client code. Password: the token.
    [string] $SecretPath,

    # Seconds to wait for each batch. Target may take hours.
    [int] $TimeoutSec = 14400
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

Import-Module -Name TargetProfiles
$connection = @{}
if ($SecretPath) {
    $connection.Credential = Import-Clixml -LiteralPath $SecretPath
}

Connect-TargetService @connection

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
