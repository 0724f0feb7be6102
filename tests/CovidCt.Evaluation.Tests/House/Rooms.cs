namespace CovidCt.Evaluation.Tests.House;

/// <summary>Rooms in their order: each may use those before it.</summary>
/// <param name="Order">Folders such as <c>Core/Studies</c>; one that isn't listed belongs to the nearest above it that is.</param>
internal sealed record Rooms(IReadOnlyList<string> Order)
{
    /// <summary>The order that docs/architecture.md tells.</summary>
    public static Rooms Documented { get; } = new([.. File.ReadLines(Path.Combine(Repository.Root, "docs", "rooms.txt")).Where(line => line.Length > 0)]);

    /// <summary>The room of a folder; null where it has none.</summary>
    public string? Of(string folder) => Order
        .Where(room => folder == room || folder.StartsWith(room + "/", StringComparison.Ordinal))
        .MaxBy(room => room.Length);

    /// <summary>Each use of a room that comes after the file's own, as <c>path: room</c>.</summary>
    public IReadOnlyList<string> Violations(IReadOnlyList<Source> sources)
    {
        var place = Order.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        var ofNamespace = sources.Where(source => source.Namespace.Length > 0)
            .GroupBy(source => source.Namespace, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of(group.First().Folder), StringComparer.Ordinal);
        var types = sources.SelectMany(source => source.Types.Select(type => (source.Namespace, type.Name, Room: Of(source.Folder))))
            .ToLookup(type => (type.Namespace, type.Name), type => type.Room);
        return
        [
            .. sources.SelectMany(source => Used(source).OfType<string>()
                .Where(room => Of(source.Folder) is { } own && place[room] > place[own])
                .Distinct(StringComparer.Ordinal)
                .Select(room => $"{source.Path}: {room}"))
                .Order(StringComparer.Ordinal),
        ];

        IEnumerable<string?> Used(Source source)
        {
            foreach (var name in source.Usings)
            {
                yield return Known(name) ?? Known(Above(name));
            }

            foreach (var (before, after) in source.Pairs)
            {
                for (var around = source.Namespace; around.Length > 0; around = Above(around))
                {
                    foreach (var room in types[($"{around}.{before}", after)])
                    {
                        yield return room;
                    }
                }
            }

            for (var around = Above(source.Namespace); around.Length > 0; around = Above(around))
            {
                foreach (var room in source.Names.SelectMany(name => types[(around, name)]))
                {
                    yield return room;
                }
            }
        }

        string? Known(string name) => ofNamespace.GetValueOrDefault(name);
    }

    private static string Above(string name) => name.LastIndexOf('.') is > 0 and var end ? name[..end] : "";
}
