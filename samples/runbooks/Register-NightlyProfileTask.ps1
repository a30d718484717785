<#
.SYNOPSIS
    Registers a scheduled task on Windows that runs Send-NightlyProfile.ps1 every night.
.DESCRIPTION
    Run it once, elevated, in the PowerShell that the task is to use, with Send-NightlyProfile.ps1 beside it. The module must
    be there for all users: Install-PSResource -Name TargetProfiles -Scope AllUsers.

    The token lies in a file that Windows encrypts for one user on one machine. Make it as the user that the task runs as;
    the user name to give is the client code, and the password is the token:

        Get-Credential | Export-Clixml C:\crm\target.credential.xml
.EXAMPLE
    ./Register-NightlyProfileTask.ps1 -Path C:\crm\crm.csv -StateFolder C:\crm\state -SecretPath C:\crm\target.credential.xml -Account (Get-Credential CONTOSO\svc-crm)
#>
[CmdletBinding()]
param(
    # The CSV file.
    [Parameter(Mandatory = $true)]
    [string] $Path,

    # Folder for the journal and for rejected rows.
    [Parameter(Mandatory = $true)]
    [string] $StateFolder,

    # File with the client code and the token.
    [Parameter(Mandatory = $true)]
    [string] $SecretPath,

    # The Windows account that the task runs as. It needs the right to log on as a batch job.
    [Parameter(Mandatory = $true)]
    [pscredential] $Account,

    # Time of day.
    [datetime] $At = '02:15',

    [string] $TaskName = 'Send profiles to Adobe Target'
)

$ErrorActionPreference = 'Stop'

# The task starts in another folder, and a backslash before a quote would hide the quote.
$csv, $state, $secret = $Path, $StateFolder, $SecretPath | ForEach-Object { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($_).TrimEnd('\') }

$script = Join-Path -Path $PSScriptRoot -ChildPath 'Send-NightlyProfile.ps1'
$arguments = @(
    '-NoProfile -NonInteractive -File "{0}"' -f $script
    '-Path "{0}" -StateFolder "{1}" -SecretPath "{2}"' -f $csv, $state, $secret
) -join ' '
$task = @{
    TaskName = $TaskName
    Description = 'Sends the CRM export to Adobe Target. Last result 0: everything has arrived.'
    Action = New-ScheduledTaskAction -Execute (Get-Process -Id $PID).Path -Argument $arguments
    Trigger = New-ScheduledTaskTrigger -Daily -At $At
    # A night that was missed is made up for; a run that is not over yet is not joined by a second one.
    Settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Hours 20)
    User = $Account.UserName
    Password = $Account.GetNetworkCredential().Password
}
Register-ScheduledTask @task
