using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace CovidCt.Models.Weights.Formats;

/// <summary>
/// What <c>torch.save</c> wrote before 1.6: five pickles (magic number, version, machine, object, storage keys), and then the
/// numbers, storage by storage, each behind its length.
/// </summary>
/// <remarks>Format: PyTorch, torch/serialization.py, <c>_legacy_save</c>.</remarks>
internal static class PyTorchLegacy
{
    private const int LongestPickles = 1 << 26;
    private const int Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The file is broken, or holds more than a state_dict.</exception>
    public static FileContents Read(MappedFile file)
    {
        using var view = file.Map(0, (int)Math.Min(file.Length, LongestPickles));
        var pickles = new PickleReader(view.Bytes);
        if (pickles.Read() is not BigInteger magic || magic != Magic)
        {
            throw new FormatException("it is a pickle, but not of torch.save");
        }

        if (pickles.Read() is not (long and Version))
        {
            throw new FormatException($"it is in a version of PyTorch's old format other than {Version}");
        }

        if (pickles.Read() is not PickleDictionary machine
            || machine.Items.Any(item => item is { Key: "little_endian", Value: not true }))
        {
            throw new FormatException("its numbers are big-endian, and only little-endian ones are read");
        }

        var root = pickles.Read();
        var keys = pickles.Read() as List<object?> ?? throw new FormatException("its list of storages is broken");
        var places = Places(file, keys, pickles.Storages, pickles.Position);
        return StateDict.Read(root, file, storage =>
            places.TryGetValue(storage.Key, out var place) ? place : throw new FormatException($"storage {storage.Key} is missing"));
    }

    private static Dictionary<string, (long Offset, long Length)> Places(
        MappedFile file, List<object?> keys, IReadOnlyDictionary<string, PickleStorage> storages, long begin)
    {
        var places = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage) || places.ContainsKey(name))
            {
                throw new FormatException("its list of storages is broken");
            }

            using var count = file.Map(begin, sizeof(long));
            var elements = BinaryPrimitives.ReadInt64LittleEndian(count.Bytes);
            if (elements != storage.Whole)
            {
                throw new FormatException($"storage {name} has {elements} numbers where {storage.Whole} are wanted");
            }

            begin += sizeof(long);
            var length = (Int128)elements * storage.Type.Size;
            if (elements < 0 || length > file.Length - begin)
            {
                throw new FormatException(
                    $"it is cut off: storage {name} has {elements} numbers, and {file.Length - begin} bytes are left");
            }

            places.Add(name, (begin, (long)length));
            begin += (long)length;
        }

        return places;
    }
}
