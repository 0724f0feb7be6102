namespace CovidCt.Data;

/// <summary>What belongs together because one image says so: the sources of a patient, the names of a publication.</summary>
internal static class SampleLinks
{
    /// <summary>
    /// The first name of each item, one for all names that share a second, directly or through others: the first of them in ordinal
    /// order.
    /// </summary>
    /// <param name="items">Each with its name, and what else may tie it to others; null where nothing does.</param>
    public static string[] Joined(IReadOnlyList<(string Name, string? Tie)> items)
    {
        var above = new Dictionary<string, string>(StringComparer.Ordinal);
        var holder = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, tie) in items)
        {
            var top = Top(name);
            if (tie is not null && !holder.TryAdd(tie, top))
            {
                Join(top, Top(holder[tie]));
            }
        }

        return [.. items.Select(item => Top(item.Name))];

        string Top(string name)
        {
            while (above.TryGetValue(name, out var next))
            {
                name = next;
            }

            return name;
        }

        void Join(string a, string b)
        {
            if (a != b)
            {
                var (first, second) = string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
                above[second] = first;
            }
        }
    }
}
