using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>
/// The property names that rows of one source share. Listing an object's properties costs the engine several times as much as
/// asking for them by name, so the names are listed once, and again for each row that has another number of them.
/// </summary>
internal sealed class RowShape
{
    private static readonly Func<PSObject, int>? MemberCount = BuildMemberCount();

    private readonly int _memberCount;
    private readonly string _typeName;
    private readonly string[] _names;
    private readonly PSPropertyInfo[] _properties;

    private RowShape(int memberCount, string typeName, string[] names)
    {
        _memberCount = memberCount;
        _typeName = typeName;
        _names = names;
        _properties = new PSPropertyInfo[names.Length];
    }

    /// <summary>Learns the shape of a row; null if later rows could not be told apart from it.</summary>
    public static RowShape? Of(PSObject row)
    {
        if (MemberCount is null || row.BaseObject is not PSCustomObject)
            return null;
        // Listing adds hidden members to the row, so they are counted first.
        var count = MemberCount(row);
        var typeName = TypeNameOf(row);
        return new RowShape(count, typeName, [.. row.Properties.Select(property => property.Name)]);
    }

    /// <summary>The row's properties, if it has this shape and no property more or less; the array is used again for the next row.</summary>
    public PSPropertyInfo[]? PropertiesOf(PSObject row)
    {
        if (row.BaseObject is not PSCustomObject || MemberCount!(row) != _memberCount || TypeNameOf(row) != _typeName)
            return null;
        var properties = row.Properties;
        for (var i = 0; i < _names.Length; i++)
        {
            if (properties[_names[i]] is not { } property)
                return null;
            _properties[i] = property;
        }

        return _properties;
    }

    private static string TypeNameOf(PSObject row) => row.TypeNames.Count > 0 ? row.TypeNames[0] : "";

    // The engine counts an object's own members, and tells nobody. Where this engine keeps them elsewhere, every row is listed.
    private static Func<PSObject, int>? BuildMemberCount()
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var members = typeof(PSObject).GetField("_instanceMembers", Hidden);
        var count = members?.FieldType.GetProperty("Count", Hidden);
        if (members is null || count?.PropertyType != typeof(int))
            return null;
        var row = Expression.Parameter(typeof(PSObject));
        var field = Expression.Field(row, members);
        var body = Expression.Condition(Expression.ReferenceEqual(field, Expression.Constant(null)), Expression.Constant(-1), Expression.Property(field, count));
        return Expression.Lambda<Func<PSObject, int>>(body, row).Compile();
    }
}
