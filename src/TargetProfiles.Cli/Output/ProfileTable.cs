namespace TargetProfiles.Cli.Output;

/// <summary>A profile for people.</summary>
internal static class ProfileTable
{
    public static void Write(TargetProfile profile)
    {
        var table = Tables.New($"{Lines.Harmless(profile.ToString())}, modified {Tables.Moment(profile.ModifiedAt)}", "Attribute", "Value", "Modified");
        foreach (var (name, value) in profile.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
            table.Row(name, value, Tables.Moment(profile.AttributesModifiedAt.TryGetValue(name, out var modified) ? modified : null));
        Tables.Output().Write(table);
    }
}
