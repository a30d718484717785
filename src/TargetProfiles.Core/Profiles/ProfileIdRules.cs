namespace TargetProfiles.Profiles;

/// <summary>What an id must be, so that Target can find the visitor by it.</summary>
internal static class ProfileIdRules
{
    public static RowRule? Check(ReadOnlySpan<byte> id, ProfileIdType type, RuleSet rules)
    {
        if (Utf8Text.IsBlank(id))
            return RowRule.IdMissing;
        if (Utf8Text.IsDamaged(id))
            return RowRule.TextDamaged;
        var longest = type == ProfileIdType.ThirdPartyId ? ServiceLimits.MaxThirdPartyIdLength : ServiceLimits.MaxPcIdLength;
        if (id.Length > longest && Utf8Text.Length(id) > longest)
            return RowRule.IdTooLong;
        if (SuspiciousId.Check(id, rules) is RowRule suspicion)
            return suspicion;
        if (type == ProfileIdType.ThirdPartyId && rules.Applies(RowRule.IdForbiddenCharacter) && id.IndexOfAny((byte)'+', (byte)'/') >= 0)
            return RowRule.IdForbiddenCharacter;
        return Utf8Text.HasControlCharacter(id) ? RowRule.IdControlCharacter : null;
    }
}
