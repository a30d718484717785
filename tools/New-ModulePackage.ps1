<#
.SYNOPSIS
    Makes the Gallery's package of a staged module.
.DESCRIPTION
    Compares the folder with ModuleFiles.txt, signs it if a certificate is given, writes what the Gallery
    wants to know from the manifest, and has the .NET SDK pack it. Needs no network. Writes the package as a file object.
.EXAMPLE
    ./tools/New-ModulePackage.ps1 -ModulePath ./out/TargetProfiles -DestinationPath ./out/packages
.EXAMPLE
    ./tools/New-ModulePackage.ps1 -ModulePath ./out/TargetProfiles -DestinationPath ./out/packages -Certificate (Get-Item Cert:\CurrentUser\My\THUMBPRINT)
    Signs what is the project's own, then packs. Windows only.
#>
[CmdletBinding()]
[OutputType([System.IO.FileInfo])]
param(
    [Parameter(Mandatory = $true)]
    [string] $ModulePath,

    [Parameter(Mandatory = $true)]
    [string] $DestinationPath,

    # Certificate with its private key, for code signing.
    [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,

    # A signature with a time stamp stays valid when the certificate has expired.
    [uri] $TimestampServer
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-StagedFile {
    param([string] $Folder)
    Get-ChildItem -LiteralPath $Folder -Recurse -File -Force | ForEach-Object { $_.FullName.Substring($Folder.Length + 1).Replace('\', '/') } | Sort-Object
}

function Assert-FileList {
    param([string[]] $Staged, [string[]] $Listed)
    $missing = @($Listed | Where-Object { $_ -notin $Staged })
    $surplus = @($Staged | Where-Object { $_ -notin $Listed })
    if ($missing -or $surplus) {
        throw "The module is not what tools/ModuleFiles.txt says. Missing: $($missing -join ', '). Not listed: $($surplus -join ', '). Correct the list, or what is staged."
    }
}

function Add-Signature {
    param([string] $Folder, $Certificate, [uri] $TimestampServer)
    if (-not (Get-Command -Name Set-AuthenticodeSignature -ErrorAction SilentlyContinue)) {
        throw 'This system cannot sign: there is no Set-AuthenticodeSignature. Make the package on Windows.'
    }

    # What comes from other people bears their signature already.
    $own = Get-ChildItem -LiteralPath $Folder -Recurse -File |
        Where-Object { $_.Extension -in '.ps1', '.psm1', '.psd1', '.ps1xml' -or $_.Name -like 'TargetProfiles.*.dll' }
    $signing = @{ Certificate = $Certificate; HashAlgorithm = 'SHA256' }
    if ($TimestampServer) {
        $signing.TimestampServer = $TimestampServer.AbsoluteUri
    }

    foreach ($file in $own) {
        $signature = Set-AuthenticodeSignature -LiteralPath $file.FullName @signing
        if ($signature.Status -ne 'Valid') {
            throw "'$($file.FullName)' could not be signed: $($signature.StatusMessage)"
        }
    }
}

# What Publish-PSResource tells the Gallery, and the tags by which Find-PSResource finds commands.
function Export-PackageSpecification {
    param([hashtable] $Manifest, [string[]] $Staged, [string] $Folder, [string] $Path)
    $gallery = $Manifest.PrivateData.PSData
    $commands = $Manifest.CmdletsToExport
    $tags = @(
        'PSModule'
        $gallery.Tags
        'PSIncludes_Cmdlet'
        $commands | ForEach-Object { "PSCmdlet_$_" }
        $commands | ForEach-Object { "PSCommand_$_" }
    )
    $metadata = [ordered] @{
        id = 'TargetProfiles'
        version = $Manifest.ModuleVersion
        authors = $Manifest.Author
        owners = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        licenseUrl = $gallery.LicenseUri
        projectUrl = $gallery.ProjectUri
        description = $Manifest.Description
        releaseNotes = $gallery.ReleaseNotes
        copyright = $Manifest.Copyright
        tags = $tags -join ' '
    }
    $writer = [System.Xml.XmlWriter]::Create($Path)
    try {
        $writer.WriteStartElement('package', 'http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd')
        $writer.WriteStartElement('metadata')
        foreach ($name in $metadata.Keys) {
            $writer.WriteElementString($name, $metadata[$name])
        }

        $writer.WriteEndElement()
        $writer.WriteStartElement('files')
        foreach ($file in $Staged) {
            $writer.WriteStartElement('file')
            $writer.WriteAttributeString('src', (Join-Path -Path $Folder -ChildPath $file))
            $writer.WriteAttributeString('target', $file)
            $writer.WriteEndElement()
        }

        $writer.WriteEndElement()
        $writer.WriteEndElement()
    }
    finally {
        $writer.Dispose()
    }
}

function Invoke-Pack {
    param([string] $SpecificationPath, [string] $Destination)
    # Windows PowerShell takes a program's warnings for errors.
    $ErrorActionPreference = 'Continue'
    $said = & dotnet pack $SpecificationPath --output $Destination 2>&1
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet pack failed with exit code $LASTEXITCODE. It takes a nuspec from SDK 10 on. $($said -join ' ')"
    }
}

$folder = (Get-Item -LiteralPath $ModulePath).FullName.TrimEnd('/', '\')
$manifestPath = Join-Path -Path $folder -ChildPath 'TargetProfiles.psd1'
$null = Test-ModuleManifest -Path $manifestPath
$manifest = Import-PowerShellDataFile -LiteralPath $manifestPath
$staged = @(Get-StagedFile -Folder $folder)
Assert-FileList -Staged $staged -Listed (Get-Content -LiteralPath $PSScriptRoot/ModuleFiles.txt)
if ($Certificate) {
    Add-Signature -Folder $folder -Certificate $Certificate -TimestampServer $TimestampServer
}

$destination = (New-Item -Path $DestinationPath -ItemType Directory -Force).FullName
$specificationPath = Join-Path -Path $destination -ChildPath 'TargetProfiles.nuspec'
try {
    Export-PackageSpecification -Manifest $manifest -Staged $staged -Folder $folder -Path $specificationPath
    Invoke-Pack -SpecificationPath $specificationPath -Destination $destination
}
finally {
    Remove-Item -LiteralPath $specificationPath -ErrorAction Ignore
}

Get-Item -LiteralPath (Join-Path -Path $destination -ChildPath "TargetProfiles.$($manifest.ModuleVersion).nupkg")
