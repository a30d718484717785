using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>
/// The properties that rows of one source share, in their order. Listing an object's properties costs the engine many times
/// what looking at them by place costs, so they are listed once, and again for each row that is not like the one before.
/// </summary>
internal sealed class RowShape
{
    private static readonly EngineAccess? Access = EngineAccess.Find();

    private readonly int _memberCount;
    private readonly Collection<string> _typeNames;
    private readonly string[] _names;
    private readonly PSPropertyInfo[] _properties;

    private RowShape(int memberCount, Collection<string> typeNames, string[] names)
    {
        _memberCount = memberCount;
        _typeNames = typeNames;
        _names = names;
        _properties = new PSPropertyInfo[names.Length];
    }

    /// <summary>Learns the shape of a row; null if later rows could not be told apart from it.</summary>
    public static RowShape? Of(PSObject row)
    {
        if (Access is null || row.BaseObject is not PSCustomObject)
            return null;
        // Listing adds hidden members to the row, so they are counted first.
        var count = Access.CountMembers(row);
        var shape = new RowShape(count, Access.TypeNames(row), [.. row.Properties.Select(property => property.Name)]);
        // A type may have properties that do not stand in the row itself, and a row members that are no properties.
        return count == shape._names.Length && shape.PropertiesOf(row, count) is not null ? shape : null;
    }

    /// <summary>The row's properties, if it has this shape and no property more or less; the array is used again for the next row.</summary>
    public PSPropertyInfo[]? PropertiesOf(PSObject row)
    {
        if (row.BaseObject is not PSCustomObject)
            return null;
        var count = Access!.CountMembers(row);
        return count == _memberCount && HasTypeNames(row) ? PropertiesOf(row, count) : null;
    }

    private PSPropertyInfo[]? PropertiesOf(PSObject row, int count)
    {
        if (count == 0)
            return _properties;
        var members = Access!.Members(row);
        for (var i = 0; i < _names.Length; i++)
        {
            if (Access.MemberAt(members, i) is not PSPropertyInfo property || !(ReferenceEquals(property.Name, _names[i]) || property.Name == _names[i]))
                return null;
            _properties[i] = property;
        }

        return _properties;
    }

    private bool HasTypeNames(PSObject row)
    {
        var names = Access!.TypeNames(row);
        return ReferenceEquals(names, _typeNames) || (names.Count > 0 && _typeNames.Count > 0 && names[0] == _typeNames[0]);
    }

    /// <summary>
    /// What the engine knows of an object and tells nobody. Asking for its type names in public makes it keep a copy of them for
    /// each row, which costs more than sending the row. Where this engine keeps them elsewhere, every row is listed.
    /// </summary>
    private sealed class EngineAccess
    {
        private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

        private EngineAccess(Func<PSObject, object> members, Func<object, int> count, Func<object, int, object> memberAt, Func<PSObject, Collection<string>> typeNames)
        {
            Members = members;
            MemberAt = memberAt;
            TypeNames = typeNames;
            CountMembers = row => members(row) is { } own ? count(own) : 0;
        }

        public Func<PSObject, object> Members { get; }

        public Func<object, int, object> MemberAt { get; }

        public Func<PSObject, Collection<string>> TypeNames { get; }

        public Func<PSObject, int> CountMembers { get; }

        public static EngineAccess? Find()
        {
            var members = typeof(PSObject).GetField("_instanceMembers", Hidden);
            var count = members?.FieldType.GetProperty("Count", Hidden);
            var memberAt = members?.FieldType.GetProperty("Item", Hidden, null, typeof(PSMemberInfo), [typeof(int)], null);
            var typeNames = typeof(PSObject).GetProperty("InternalTypeNames", Hidden);
            if (count?.PropertyType != typeof(int) || memberAt is null || !typeof(Collection<string>).IsAssignableFrom(typeNames?.PropertyType))
                return null;
            var row = Expression.Parameter(typeof(PSObject));
            var list = Expression.Parameter(typeof(object));
            var index = Expression.Parameter(typeof(int));
            var typedList = Expression.Convert(list, members!.FieldType);
            return new EngineAccess(
                Expression.Lambda<Func<PSObject, object>>(Expression.Field(row, members), row).Compile(),
                Expression.Lambda<Func<object, int>>(Expression.Property(typedList, count!), list).Compile(),
                Expression.Lambda<Func<object, int, object>>(Expression.Property(typedList, memberAt, index), list, index).Compile(),
                Expression.Lambda<Func<PSObject, Collection<string>>>(Expression.Property(row, typeNames!), row).Compile());
        }
    }
}
