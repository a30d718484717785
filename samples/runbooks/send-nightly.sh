#!/bin/sh
# Sends a CRM export to Adobe Target from cron, and fails if anything is left over. It needs target-profiles, not PowerShell:
#
#   dotnet tool install --tool-path /usr/local/bin TargetProfiles.Cli
#
# In the crontab of the user that the file belongs to; cron mails what is printed:
#
#   15 2 * * * TARGET_CLIENT_CODE=YOURCODE /opt/crm/send-nightly.sh /data/crm/crm.csv /data/crm/state /opt/crm/target.token
#
# The third file holds the profile authentication token and nothing else: chmod 600, and not in any repository.
# Run it as often as you like: it goes on where an earlier run ended, and does not send a file twice.
set -u
umask 077
# cron looks in /usr/bin and /bin only.
PATH=$PATH:/usr/local/bin

if [ $# -ne 3 ]; then
    echo "usage: $0 CSV-FILE STATE-FOLDER TOKEN-FILE" >&2
    exit 2
fi
file=$1 state=$2 token=$3
pause=${RETRY_PAUSE_SEC:-1800}

# Code 3 means that Target could not be reached or could not keep up: the same command goes on later.
for try in 1 2 3 4; do
    target-profiles send "$file" --token-file "$token" --journal-path "$state/crm.journal" --rejected-path "$state/rejected.csv" --failed-path "$state/failed.csv" --wait --timeout-sec 14400
    code=$?
    if [ "$code" -ne 3 ] || [ "$try" -eq 4 ]; then
        exit "$code"
    fi
    sleep "$pause"
done
