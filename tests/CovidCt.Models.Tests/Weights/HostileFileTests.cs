using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

/// <summary>Files that somebody made to do harm, and files that chance made so.</summary>
/// <remarks>
/// Whatever a file says, it is read or refused with <see cref="WeightsException"/>; reading it takes no more memory than
/// 64 MB and twice the file. Memory is what the garbage collector has handed out, freed or not, and the tensors that are
/// alive at once.
/// </remarks>
[Collection(Alone.Name)]
public sealed class HostileFileTests : IDisposable
{
    private const long Allowance = 64_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_files_are_read_or_refused() => ReadDamaged(1_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Thousands_of_damaged_files_are_read_or_refused() => ReadDamaged(12_000);

    private void ReadDamaged(int mutations)
    {
        var seeds = Seeds();
        var random = new Random(20201110);
        var (read, refused) = (0, 0);
        for (var i = 0; i < mutations; i++)
        {
            var path = _folder.Write("mutated", Mutated(seeds[i % seeds.Count], random));
            if (Read(path) is null)
            {
                read++;
            }
            else
            {
                refused++;
            }
        }

        Assert.True(read > mutations / 50, $"Only {read} were read: the damage is too great to test anything behind the first check.");
        Assert.True(refused > mutations / 3, $"Only {refused} were refused.");
    }

    [Fact]
    public void A_safetensors_header_that_is_too_long_or_not_there_is_refused()
    {
        const int Length = 100_000_000;
        Assert.Contains("is the limit", Refusal("announced", Header(Length + 1, "{}")), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal("missing", Header(Length, "{}")), StringComparison.Ordinal);
        Refusal("brackets", Header(Length / 20, new string('[', Length / 20)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_safetensors_header_of_100_MB_is_refused_or_read_within_bounds()
    {
        const int Length = 100_000_000;
        Assert.Contains("is the limit", Refusal("announced", Header(Length + 1, "{}")), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal("missing", Header(Length, "{}")), StringComparison.Ordinal);
        Assert.Contains("tensors", Refusal("empty tensors", Header(Length, Repeated(Length, i => $"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "{", "}"))), StringComparison.Ordinal);
        Assert.Contains("dimensions", Refusal("dimensions", Header(Length, Repeated(Length, _ => "1", "{\"a\":{\"shape\":[", "],\"dtype\":\"U8\",\"data_offsets\":[0,0]}}"))), StringComparison.Ordinal);
        Assert.Contains("texts", Refusal("texts", Header(Length, Repeated(Length, i => $"\"{i:x}\":\"\"", "{\"__metadata__\":{", "}}"))), StringComparison.Ordinal);
        Refusal("brackets", Header(Length, new string('[', Length)));
        Assert.Null(Read(_folder.Write("one text", Header(Length, $"{{\"__metadata__\":{{\"a\":\"{new string('x', Length - 40)}\"}}}}".PadRight(Length)))));
    }

    [Theory]
    [InlineData("[9223372036854775807]", "[0,8]")]
    [InlineData("[9223372036854775808]", "[0,8]")]
    [InlineData("[3037000500,3037000500]", "[0,8]")]
    [InlineData("[-1,-8]", "[0,8]")]
    [InlineData("[2]", "[9223372036854775800,9223372036854775808]")]
    [InlineData("[2]", "[-8,0]")]
    [InlineData("[0,9223372036854775807,9223372036854775807]", "[0,0]")]
    public void Sizes_beyond_all_bounds_are_refused_in_safetensors(string shape, string offsets)
    {
        var header = $"{{\"a\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}";
        Refusal("sizes", [.. Header(header.Length, header), .. new byte[8]]);
    }

    [Fact]
    public void Sizes_beyond_all_bounds_are_refused_in_pickles()
    {
        const long Huge = long.MaxValue;
        Assert.Null(Read(_folder.Write("right", Archive(Tensor(elements: 6, offset: 0, [2, 3], [3, 1]), 24))));
        Refusal("2^63 elements", Archive(Tensor(Huge, 0, [Huge], [1]), 24));
        Refusal("2^63 elements in all", Archive(Tensor(Huge, 0, [1L << 32, 1L << 31], [1L << 31, 1]), 24));
        Refusal("negative size", Archive(Tensor(6, 0, [-2, -3], [3, 1]), 24));
        Refusal("negative stride", Archive(Tensor(6, 5, [6], [-1]), 24));
        Refusal("negative offset", Archive(Tensor(6, -1, [6], [1]), 24));
        Refusal("offset past the end", Archive(Tensor(6, 1, [6], [1]), 24));
        Refusal("huge offset", Archive(Tensor(6, Huge, [6], [1]), 24));
        Refusal("huge stride", Archive(Tensor(6, 0, [2, 2], [Huge, Huge]), 24));
        Refusal("huge and empty", Archive(Tensor(6, 0, [0, Huge, Huge], [1, 1, 1]), 24));
        Refusal("negative storage", Archive(Tensor(-6, 0, [0], [1]), 24));
        Refusal("more than the storage file", Archive(Tensor(7, 0, [7], [1]), 24));
        Refusal("spread", Archive(Tensor(6, 0, [1 << 20, 1 << 10], [0, 0]), 24));
        Refusal("dimensions", Archive(Tensor(6, 0, [.. Enumerable.Repeat(1L, 100)], [.. Enumerable.Repeat(1L, 100)]), 24));
        Refusal("fewer strides", Archive(Tensor(6, 0, [2, 3], [1]), 24));
    }

    [Fact]
    public void Cyclic_references_are_no_trap()
    {
        Refusal("list in itself", Archive([0x80, 2, (byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a', (byte)'.'], 0));
        Refusal("dictionary in itself", Archive([0x80, 2, (byte)'}', (byte)'q', 0, .. Text("model"), (byte)'h', 0, (byte)'s', (byte)'.'], 0));
        Refusal("two dictionaries in each other", Archive(
            [0x80, 2, (byte)'}', (byte)'q', 0, .. Text("model"), (byte)'}', .. Text("state_dict"), (byte)'h', 0, (byte)'s', (byte)'s', (byte)'.'], 0));
    }

    [Fact]
    public void Depth_and_repetition_cost_no_more_than_their_bytes() => RefuseDeep(6_000_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Nor_do_they_in_files_of_20_MB() => RefuseDeep(20_000_000);

    private void RefuseDeep(int many)
    {
        byte[] Fill(params byte[] step)
        {
            var bytes = new byte[many / step.Length * step.Length];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = step[i % step.Length];
            }

            return bytes;
        }

        Refusal("nested lists", Archive([0x80, 2, .. Fill((byte)']', (byte)'a')], 0));
        Refusal("marks", Archive([0x80, 2, .. Fill((byte)'(')], 0));
        Refusal("lists", Archive([0x80, 2, .. Fill((byte)']')], 0));
        Refusal("dictionaries remembered", Archive([0x80, 2, .. Fill((byte)'}', 0x94)], 0));
        Refusal("tuples of tuples", Archive([0x80, 2, (byte)')', .. Fill((byte)'2', 0x86)], 0));
        Refusal("numbers", Archive([0x80, 2, .. Fill((byte)'K', 200)], 0));
        Refusal("names", Archive([0x80, 2, .. Fill([.. Global("torch", "FloatStorage")])], 0));
        Refusal("a long text", Archive([0x80, 2, (byte)'X', .. Bytes(many), .. Fill((byte)'x'), (byte)'.'], 0));
        Refusal("a long name", Archive([0x80, 2, (byte)'c', .. Fill((byte)'x')], 0));
        Refusal("a long number", Archive([0x80, 2, 0x8b, .. Bytes(many), .. Fill(1), (byte)'.'], 0));
        Refusal("a text that is not there", Archive([0x80, 2, (byte)'X', 255, 255, 255, 255], 0));
        Refusal("a text of negative length", Archive([0x80, 2, 0x8d, 255, 255, 255, 255, 255, 255, 255, 255], 0));
    }

    [Fact]
    public void A_zip_bomb_is_not_unpacked()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var pickle = zip.CreateEntry("archive/data.pkl", CompressionLevel.SmallestSize).Open();
            for (var i = 0; i < 200; i++)
            {
                pickle.Write(new byte[1 << 20]);
            }
        }

        Assert.True(stream.Length < 1 << 20);
        Assert.Contains("'archive/data.pkl' in the archive is compressed", Refusal("bomb", stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_an_archive_that_share_their_bytes_are_refused()
    {
        var archive = Archive(Tensor(6, 0, [2, 3], [3, 1]), 24);
        var directory = archive.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(archive.AsSpan(directory + 42), 0); // the storage lies where the pickle does

        Refusal("overlap", archive);
    }

    [Fact]
    public void A_directory_that_promises_more_than_there_is_is_refused()
    {
        var archive = Archive(Tensor(6, 0, [2, 3], [3, 1]), 24);
        var end = archive.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(archive.AsSpan(end + 10), ushort.MaxValue);

        Assert.Contains("zip directory", Refusal("promises", archive), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_dict_that_repeats_one_storage_without_end_is_refused()
    {
        byte[] items = [.. Enumerable.Range(0, 200).SelectMany(i => (byte[])[.. Text($"{i}"), (byte)'h', 0])];
        byte[] tensor = [.. Tensor(1 << 20, 0, [1 << 20], [1])[2..^1]];
        byte[] pickle = [0x80, 2, (byte)'}', .. tensor, (byte)'q', 0, (byte)'0', (byte)'(', .. items, (byte)'u', (byte)'.'];

        Assert.Contains("repeat", Refusal("repeats", Archive(pickle, 4 << 20)), StringComparison.Ordinal);
    }

    /// <summary>Files of all three formats, written by PyTorch and by us.</summary>
    private List<byte[]> Seeds()
    {
        using var scope = NewDisposeScope();
        var state = new[] { ("conv.weight", rand(4, 3, 3, 3)), ("bn.num_batches_tracked", tensor(7L)), ("bn.weight", ones(4, ScalarType.Float16)) };
        TensorFile.Write(_folder.File("a.safetensors"), state, new Dictionary<string, string> { ["format"] = "pt" });
        TensorFile.Write(_folder.File("a.pth"), state, format: TensorFormat.PyTorch);
        return
        [
            File.ReadAllBytes(_folder.File("a.safetensors")),
            File.ReadAllBytes(_folder.File("a.pth")),
            .. WeightsFixtures.PyTorchFiles.Read.Select(file => WeightsFixtures.Bytes(file.File)).Where(bytes => bytes.Length < 20_000),
            .. WeightsFixtures.SafetensorsVerdicts.Where(verdict => verdict.Accepted && verdict.File.Length < 20_000).Select(verdict => verdict.File),
        ];
    }

    /// <summary>One change or a few: bits, bytes, numbers at their limits, and parts cut, doubled, moved or filled.</summary>
    private static byte[] Mutated(byte[] seed, Random random)
    {
        long[] numbers = [0, -1, 1, 255, 65535, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 62];
        var bytes = seed.ToList();
        for (var changes = random.Next(3) == 0 ? random.Next(2, 9) : 1; changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(Math.Min(bytes.Count - at, 64)) + 1;
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    var width = 1 << random.Next(4);
                    var number = BitConverter.GetBytes(numbers[random.Next(numbers.Length)]);
                    for (var i = 0; i < width && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = number[i];
                    }

                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    var part = bytes.GetRange(at, length);
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(random.Next(bytes.Count + 1), part);
                    break;
                case 6:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 7:
                    for (var i = 0; i < length; i++)
                    {
                        bytes[at + i] = (byte)"0123456789[]{}\",:.()"[random.Next(20)];
                    }

                    break;
                default:
                    bytes.Insert(at, "(}])tuqhQRcbNKJ"u8[random.Next(15)]);
                    break;
            }
        }

        return [.. bytes];
    }

    private string Refusal(string name, byte[] content)
    {
        var path = _folder.Write(name, content);
        var refusal = Read(path);
        File.Delete(path);
        Assert.NotNull(refusal);
        return refusal;
    }

    /// <summary>Reads all that a file has, within bounds.</summary>
    /// <returns>Why it was refused; null where it was read.</returns>
    private static string? Read(string path)
    {
        var most = Allowance + (2 * new FileInfo(path).Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? refusal = null;
        try
        {
            using var file = TensorFile.Open(path);
            foreach (var entry in file.Entries)
            {
                using var tensor = file.Read(entry.Name);
                Assert.Equal(entry.Shape, tensor.shape);
                Assert.True(tensor.numel() * tensor.element_size() <= most, $"{path}: {entry.Name} is of {tensor.numel()} elements.");
            }
        }
        catch (WeightsException e)
        {
            Assert.StartsWith($"{path}: ", e.Message, StringComparison.Ordinal);
            Assert.True(e.Message.Length < 4_000 + path.Length, $"{path}: the message has {e.Message.Length} characters.");
            refusal = e.Message;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= most, $"{Path.GetFileName(path)}: {allocated} bytes were allocated for a file of {new FileInfo(path).Length}.");
        return refusal;
    }

    private static byte[] Header(int length, string text)
    {
        var bytes = new byte[8 + text.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(8));
        return bytes;
    }

    private static string Repeated(int length, Func<int, string> item, string before, string after)
    {
        var text = new StringBuilder(before, length);
        for (var i = 0; text.Length < length - 200; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(item(i));
        }

        return text.Append(after).ToString().PadRight(length);
    }

    /// <summary>A zip archive as torch.save makes it: a pickle, and one storage of zeros.</summary>
    private static byte[] Archive(byte[] pickle, int storage)
    {
        using var stream = new MemoryStream();
        using (var zip = new ICSharpCode.SharpZipLib.Zip.ZipOutputStream(stream) { IsStreamOwner = false, UseZip64 = ICSharpCode.SharpZipLib.Zip.UseZip64.Off })
        {
            foreach (var (name, content) in new[] { ("archive/data.pkl", pickle), ("archive/data/0", new byte[storage]) })
            {
                var checksum = new ICSharpCode.SharpZipLib.Checksum.Crc32();
                checksum.Update(content);
                zip.PutNextEntry(new(name)
                {
                    CompressionMethod = ICSharpCode.SharpZipLib.Zip.CompressionMethod.Stored,
                    Size = content.Length,
                    CompressedSize = content.Length,
                    Crc = checksum.Value,
                });
                zip.Write(content);
                zip.CloseEntry();
            }
        }

        return stream.ToArray();
    }

    /// <summary>The pickle of {'a': a float tensor on storage 0}.</summary>
    private static byte[] Tensor(long elements, long offset, long[] shape, long[] strides) =>
    [
        0x80, 2, (byte)'}', .. Text("a"), .. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(',
        (byte)'(', .. Text("storage"), .. Global("torch", "FloatStorage"), .. Text("0"), .. Text("cpu"), .. Number(elements), (byte)'t', (byte)'Q',
        .. Number(offset), .. Tuple(shape), .. Tuple(strides), 0x89, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R',
        (byte)'t', (byte)'R', (byte)'s', (byte)'.',
    ];

    private static byte[] Text(string text) => [(byte)'X', .. Bytes(text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Global(string module, string name) => Encoding.ASCII.GetBytes($"c{module}\n{name}\n");

    private static byte[] Number(long number) => [0x8a, 8, .. BitConverter.GetBytes(number)];

    private static byte[] Bytes(int number) => BitConverter.GetBytes(number);

    private static byte[] Tuple(long[] numbers) => [(byte)'(', .. numbers.SelectMany(Number), (byte)'t'];
}
