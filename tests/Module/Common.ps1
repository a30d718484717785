# What the test files share: the module under test, an emulator, rows.

$RepositoryPath = (Get-Item -LiteralPath $PSScriptRoot/../..).FullName
$ModulePath = if ($env:TARGET_PROFILES_MODULE) { $env:TARGET_PROFILES_MODULE } else { Join-Path -Path $RepositoryPath -ChildPath 'out/TargetProfiles' }
Import-Module -Name $ModulePath -ErrorAction Stop
$ModuleBase = (Get-Module -Name TargetProfiles).ModuleBase

function Export-TestFile {
    param([string] $Name, [string] $Text)
    $path = Join-Path -Path $TestDrive -ChildPath $Name
    [System.IO.File]::WriteAllText($path, $Text)
    $path
}

function Add-WireFault {
    param($Emulator, [hashtable] $Fault)
    $Emulator.Faults.Add([TargetProfiles.Emulator.WireFault] $Fault)
}

function Get-BodyHash {
    param($Emulator)
    $Emulator.Requests | Where-Object Target -Like '*batchUpdate' | ForEach-Object BodySha256
}

# Waits until something that another thread or process does has happened. Only a hang takes as long as this waits.
function Wait-Until {
    param([scriptblock] $Condition)
    $deadline = [datetime]::UtcNow.AddMinutes(3)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $deadline) { throw "It did not come true: $Condition" }
        [System.Threading.Thread]::Sleep(2)
    }
}

# How long a stop may take. What it must not wait for lasts a minute or more in each test, so that no busy machine takes a
# sound stop for a bad one; TARGET_PROOF_STOP_MS=500 is for a quiet one.
function Get-LongestStop {
    if ($env:TARGET_PROOF_STOP_MS) { [int] $env:TARGET_PROOF_STOP_MS } else { 30000 }
}

function Get-TerminatingError {
    param([scriptblock] $ScriptBlock)
    try {
        $null = & $ScriptBlock
    }
    catch {
        return $_
    }

    throw 'No terminating error came.'
}

# Rows with everything that is hard about CSV and URLs.
function Get-HardRow {
    param([int] $Count)
    foreach ($i in 1..$Count) {
        [pscustomobject] @{
            customerID = "C-$i"
            name = "Zo$([char] 0xEB) ""Z"" O'Brien, No. $i"
            city = if ($i % 3) { "S$([char] 0xE3)o Paulo & co = 100% + more" } else { '' }
            note = "first line`nsecond line"
            emoji = [char]::ConvertFromUtf32(0x1F600)
            cjk = "$([char] 0x6771)$([char] 0x4EAC)"
            points = $i
        }
    }
}
