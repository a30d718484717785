namespace TargetProfiles.Core.Tests;

internal static class Collections
{
    public static IEnumerable<T> Order<T>(this IEnumerable<T> items) => items.OrderBy(item => item);

    public static IEnumerable<T> Order<T>(this IEnumerable<T> items, IComparer<T> comparer) => items.OrderBy(item => item, comparer);

    public static HashSet<T> ToHashSet<T>(this IEnumerable<T> items, IEqualityComparer<T>? comparer = null) => new(items, comparer);

    public static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second) =>
        first.Zip(second, (one, other) => (one, other));

    public static bool TryAdd<TKey, TValue>(this Dictionary<TKey, TValue> items, TKey key, TValue value)
    {
        if (items.ContainsKey(key))
            return false;
        items.Add(key, value);
        return true;
    }

    public static TValue? GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> items, TKey key) =>
        items.TryGetValue(key, out var value) ? value : default;

    public static bool Remove<TKey, TValue>(this Dictionary<TKey, TValue> items, TKey key, out TValue? value) =>
        items.TryGetValue(key, out value) && items.Remove(key);
}
