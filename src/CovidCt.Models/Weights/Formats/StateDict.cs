using System.Globalization;

namespace CovidCt.Models.Weights.Formats;

/// <summary>Finds the tensors in what a checkpoint's pickle holds, and checks them against the storages.</summary>
internal static class StateDict
{
    /// <summary>Small tensors may be spread, that is, repeat numbers of their storage, up to this many bytes.</summary>
    private const long MostSpread = 1 << 20;

    /// <summary>All tensors together may share storages up to this many times the file.</summary>
    private const int MostShared = 16;

    private const int MostLevels = 4;

    /// <summary>Where training scripts put the state_dict in a checkpoint, the likeliest first.</summary>
    private static readonly string[] Containers = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights"];

    /// <param name="root">The pickle's value.</param>
    /// <param name="file">The file.</param>
    /// <param name="locate">The place and length in bytes of a storage.</param>
    /// <exception cref="FormatException">There are no tensors, or in several places, or they don't fit their storages.</exception>
    public static FileContents Read(object? root, MappedFile file, Func<PickleStorage, (long Offset, long Length)> locate)
    {
        var (path, dictionary) = Find(root);
        var tensors = new Dictionary<string, PickleTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is string name && value is PickleTensor tensor)
            {
                tensors[name] = tensor;
            }
        }

        var entries = new List<TensorFile.Entry>(tensors.Count);
        Int128 bytes = 0;
        foreach (var (name, tensor) in tensors)
        {
            var entry = Entry(name, tensor, locate(tensor.Storage));
            entries.Add(entry);
            bytes += entry.Elements * entry.Stored.Size;
            if (entries.Count > FileContents.MostEntries || bytes > MostSpread + ((Int128)MostShared * file.Length))
            {
                throw new FormatException(
                    $"its tensors are more than {FileContents.MostEntries}, or repeat its bytes more than {MostShared} times");
            }
        }

        return new(entries, new Dictionary<string, string>(), path.Length == 0 ? null : path);
    }

    private static (string Path, PickleDictionary Dictionary) Find(object? root)
    {
        var (path, value) = ("", root);
        for (var level = 0; level < MostLevels; level++)
        {
            if (value is not PickleDictionary dictionary)
            {
                throw new FormatException($"it holds {NameOf(value)} where a state_dict belongs: save state_dict() in Python");
            }

            var children = dictionary.Items.Where(item => item.Key is string && item.Value is PickleDictionary { Items.Count: > 0 })
                .ToList();
            var named = Containers.Select(name => children.FindLast(child => (string)child.Key! == name))
                .FirstOrDefault(child => child.Key is not null);
            if (named.Key is null && dictionary.Items.Any(item => item is { Key: string, Value: PickleTensor }))
            {
                return (path, dictionary);
            }

            if (named.Key is null)
            {
                var direct = children.Where(
                    child => ((PickleDictionary)child.Value!).Items.Any(item => item is { Key: string, Value: PickleTensor })).ToList();
                named = direct.Count switch
                {
                    0 => throw new FormatException("it holds no tensors under names: it is no state_dict"),
                    1 => direct[0],
                    _ => throw new FormatException(
                        $"it holds tensors in several places ({string.Join(", ", direct.Take(10).Select(child => child.Key))}): save the "
                            + "state_dict alone, or under 'state_dict'"),
                };
            }

            (path, value) = (path.Length == 0 ? (string)named.Key! : $"{path}.{named.Key}", named.Value);
        }

        throw new FormatException($"its state_dict is more than {MostLevels} dictionaries deep");
    }

    private static TensorFile.Entry Entry(string name, PickleTensor tensor, (long Offset, long Length) place)
    {
        var (storage, type) = (tensor.Storage, tensor.Type);
        if (tensor.Shape.Length != tensor.Strides.Length)
        {
            throw new FormatException($"'{name}' has {tensor.Shape.Length} dimensions and {tensor.Strides.Length} strides");
        }

        if (TensorBytes.Length(tensor.Shape, type.Size) is not { } length)
        {
            throw new FormatException($"'{name}' is of a shape that has more bytes than a file can have");
        }

        // Counted in bytes, since an untyped storage counts so, whatever the tensor's type.
        var begin = ((Int128)storage.Begin * storage.Type.Size) + ((Int128)tensor.Offset * type.Size);
        var end = begin;
        if (length > 0)
        {
            Int128 last = 0;
            for (var i = 0; i < tensor.Shape.Length; i++)
            {
                last += (Int128)(tensor.Shape[i] - 1) * tensor.Strides[i];
            }

            end += (last + 1) * type.Size;
        }

        var within = ((Int128)storage.Begin + storage.Elements) * storage.Type.Size;
        if (tensor.Offset < 0 || begin > within || end > within || end > place.Length)
        {
            throw new FormatException($"'{name}' goes beyond the end of its storage");
        }

        if (length > Math.Max(place.Length, MostSpread))
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"'{name}' takes {length} bytes, and its storage has {place.Length}"));
        }

        return new(name, type, tensor.Shape, place.Offset + (long)begin, IsInOrder(tensor) ? null : tensor.Strides);
    }

    private static bool IsInOrder(PickleTensor tensor)
    {
        var expected = 1L;
        for (var i = tensor.Shape.Length - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] == 0)
            {
                return true;
            }

            if (tensor.Shape[i] != 1 && tensor.Strides[i] != expected)
            {
                return false;
            }

            expected *= tensor.Shape[i];
        }

        return true;
    }

    private static string NameOf(object? value) => value switch
    {
        null => "None",
        PickleTensor => "one tensor",
        List<object?> => "a list",
        PickleTuple => "a tuple",
        string => "a text",
        _ => "something else",
    };
}
