using System.Text;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights.Formats;

/// <summary>What <c>torch.save</c> writes since 1.6: a zip archive of a pickle and one file a storage.</summary>
/// <remarks>Format: PyTorch, torch/serialization.py and caffe2/serialize/inline_container.cc.</remarks>
internal static class PyTorchArchive
{
    private const string Pickle = "data.pkl";
    private const int Alignment = 64;
    private const int LongestPickle = 1 << 26;
    private const int BufferLength = 1 << 16;

    /// <exception cref="FormatException">The file is broken, or holds more than a state_dict.</exception>
    public static FileContents Read(MappedFile file)
    {
        var records = ZipDirectory.Read(file);
        var pickles = records.Values.Where(record => record.Name == Pickle || record.Name.EndsWith("/" + Pickle, StringComparison.Ordinal))
            .ToList();
        if (pickles.Count != 1)
        {
            throw new FormatException($"it is a zip archive, but not of PyTorch: it has {pickles.Count} files named {Pickle}");
        }

        var folder = pickles[0].Name[..^Pickle.Length];
        if (records.ContainsKey(folder + "constants.pkl"))
        {
            throw new FormatException(
                "it is a TorchScript archive, a program with weights: load it with torch.jit.load and save its state_dict()");
        }

        if (records.TryGetValue(folder + "byteorder", out var order))
        {
            using var text = order.Map(file, (int)Math.Min(order.Length, 8));
            if (!text.Bytes.SequenceEqual("little"u8))
            {
                throw new FormatException("its numbers are big-endian, and only little-endian ones are read");
            }
        }

        if (pickles[0].Length > LongestPickle)
        {
            throw new FormatException($"its {Pickle} has {pickles[0].Length} bytes, and {LongestPickle} is the limit");
        }

        using var view = pickles[0].Map(file, (int)pickles[0].Length);
        return StateDict.Read(new PickleReader(view.Bytes).Read(), file, storage =>
            records.TryGetValue($"{folder}data/{storage.Key}", out var record)
                ? record.Place
                : throw new FormatException($"storage {storage.Key} is missing"));
    }

    /// <summary>Writes a state_dict that <c>torch.load</c> reads, with <c>weights_only</c> or <c>mmap</c> too.</summary>
    /// <param name="stream">Where to; it must be seekable.</param>
    /// <param name="name">The folder in the archive, which PyTorch names after the file.</param>
    /// <param name="tensors">The tensors; every one gets a storage of its own.</param>
    public static void Write(Stream stream, string name, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var zip = new ZipOutputStream(stream) { IsStreamOwner = false, UseZip64 = UseZip64.Dynamic };
        var pickle = PickleWriter.StateDict(tensors);
        Add(zip, stream, $"{name}/{Pickle}", pickle.Length, write => write(pickle));
        Add(zip, stream, $"{name}/byteorder", 6, write => write("little"u8));
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i].Tensor;
            Add(zip, stream, $"{name}/data/{i}", TensorBytes.Length(tensor), write => TensorBytes.ForEachPart(tensor, part => write(part)));
        }

        Add(zip, stream, $"{name}/version", 2, write => write("3\n"u8));
        zip.Finish();
    }

    // Stored, with length and checksum ahead: the bytes are passed over twice.
    private static void Add(ZipOutputStream zip, Stream stream, string name, long length, Action<TensorBytes.PartReader> write)
    {
        zip.PutNextEntry(new ZipEntry(name)
        {
            CompressionMethod = CompressionMethod.Stored,
            Size = length,
            CompressedSize = length,
            Crc = Checksum(write),
            DateTime = new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            IsUnicodeText = true,
            ExtraData = Padding(stream.Position, name, length),
        });
        write(zip.Write);
        zip.CloseEntry();
    }

    private static long Checksum(Action<TensorBytes.PartReader> write)
    {
        var checksum = new Crc32();
        var buffer = new byte[BufferLength];
        write(part =>
        {
            for (var rest = part; rest.Length > 0; rest = rest[Math.Min(rest.Length, buffer.Length)..])
            {
                var length = Math.Min(rest.Length, buffer.Length);
                rest[..length].CopyTo(buffer);
                checksum.Update(new ArraySegment<byte>(buffer, 0, length));
            }
        });
        return checksum.Value;
    }

    /// <summary>An extra field that no reader knows, as PyTorch writes it, so that numbers can be used where they lie.</summary>
    private static byte[] Padding(long position, string name, long length)
    {
        const int LocalHeader = 30;
        const int FieldHeader = 4;
        const int Wide = 20; // the field that the library adds for lengths of 2^32 and more
        var begin = position + LocalHeader + Encoding.UTF8.GetByteCount(name) + FieldHeader + (length >= uint.MaxValue ? Wide : 0);
        var padding = (int)(-begin & (Alignment - 1));
        return [(byte)'F', (byte)'B', (byte)padding, 0, .. new byte[padding]];
    }
}
