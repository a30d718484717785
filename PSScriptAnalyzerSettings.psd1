@{
    Severity = @('Error', 'Warning', 'Information')
    IncludeDefaultRules = $true
    # Pester hands variables from one block to another, and $using: into runspaces, in ways that these two rules do not see.
    ExcludeRules = @('PSUseDeclaredVarsMoreThanAssignments', 'PSUseUsingScopeModifierInNewRunspaces')
    Rules = @{
        PSAvoidUsingPositionalParameters = @{ Enable = $true; CommandAllowList = @('Join-Path', 'Get-TargetProfile', 'Set-TargetProfile', 'Connect-TargetService', 'Send-TargetProfileBatch', 'Get-TargetBatchStatus') }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4; Kind = 'space' }
        PSUseConsistentWhitespace = @{ Enable = $true }
        PSPlaceOpenBrace = @{ Enable = $true; OnSameLine = $true }
        PSPlaceCloseBrace = @{ Enable = $true; NewLineAfter = $true }
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1', '7.4') }
        PSAvoidTrailingWhitespace = @{ Enable = $true }
    }
}
