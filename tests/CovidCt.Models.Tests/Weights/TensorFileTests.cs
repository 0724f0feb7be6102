using System.Buffers.Binary;
using System.Text;
using CovidCt.Models.Weights;
using CovidCt.Models.Weights.Formats;
using CovidCt.Networks;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

public sealed class TensorFileTests
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
        ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    [Fact]
    public void A_file_by_the_letter_of_the_format_is_read()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        byte[] data = [0, 0, 128, 63, 0, 0, 0, 192, 7, 0, 0, 0, 0, 0, 0, 0];
        var path = folder.Write("a.safetensors", FileOf(
            """{"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}  """,
            data));

        using var file = TensorFile.Open(path);

        Assert.Equal(["b", "a"], file.Entries.Select(entry => entry.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([1f, -2f], file.Read("a").data<float>().ToArray());
        Assert.Equal([1, 2], file.Read("a").shape);
        Assert.Equal(7, file.Read("b").item<long>());
        Assert.Throws<ArgumentException>("name", () => file.Read("c"));
        Assert.Null(file.Find("c"));
    }

    [Fact]
    public void What_is_written_is_read_again_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var tensor = Gen.Select(Gen.Int[0, Types.Length - 1].Select(i => Types[i]), Gen.Int[0, 4].Array[0, 4], Gen.Byte);
        Gen.Select(tensor.Array[0, 6], Gen.Dictionary(Gen.String, Gen.String)[0, 3], Gen.Int[0, int.MaxValue]).Sample((tensors, metadata, number) =>
        {
            using var scope = NewDisposeScope();
            var named = tensors.Select((item, i) => ($"täg \"{i}\"", Filled(item.Item1, item.Item2, item.Item3))).ToList();
            var text = metadata.Where(pair => IsText(pair.Key) && IsText(pair.Value)).ToDictionary();
            var path = folder.File($"{number}.safetensors");

            TensorFile.Write(path, named, text);

            using var file = TensorFile.Open(path);
            Assert.Equal(named.Select(item => item.Item1), file.Entries.Select(entry => entry.Name));
            Assert.Equal(text, file.Metadata);
            foreach (var (name, written) in named)
            {
                var read = file.Read(name);
                Assert.Equal(written.dtype, read.dtype);
                Assert.True(written.numel() == 0 ? written.shape.SequenceEqual(read.shape) : Networks.SameBits(written, read));
            }

            Assert.All(file.Entries, entry => Assert.Equal(0, entry.Offset % NumberType.Of(entry.Type)!.Size));
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Strides_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var x = arange(120, ScalarType.Float32).reshape(2, 3, 4, 5);

        TensorFile.Write(folder.File("a"), [("last", Networks.ChannelsLast(x)), ("plain", x)]);

        using var file = TensorFile.Open(folder.File("a"));
        Assert.True(Networks.SameBits(x, file.Read("last")));
        Assert.True(Networks.SameBits(x, file.Read("plain")));
    }

    [Theory]
    [InlineData("[]", 0, "the header has [ where a StartObject belongs")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("""{"a":1}""", 0, "entry 'a' has 1 where a StartObject belongs")]
    [InlineData("""{"a":{"shape":[],"data_offsets":[0,4]}}""", 4, "entry 'a' has no dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "entry 'a' has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[]}}""", 4, "entry 'a' has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,4]}}""", 4, "of type F4")]
    [InlineData("""{"a":{"dtype":null,"shape":[4],"data_offsets":[0,4]}}""", 4, "the dtype of 'a' has null where a String belongs")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "hold -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "hold 1.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "hold \"1\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "not a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "not a begin and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "has 4 bytes, but its shape and type take 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "more than a file can have")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "cut off: entry 'a' takes 8 bytes, but only 7 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "1 bytes follow its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "a gap of 4 bytes before entry 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "entry 'b' overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "'a' is there twice")]
    [InlineData("""{"__metadata__":{"format":1}}""", 0, "__metadata__.format has 1 where a String belongs")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__ has [ where a StartObject belongs")]
    public void A_wrong_header_is_named(string header, int dataLength, string problem)
    {
        using var folder = new TemporaryFolder();
        AssertUnreadable(folder.Write("wrong.safetensors", FileOf(header, new byte[dataLength])), problem);
    }

    [Fact]
    public void What_is_no_file_of_tensors_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        AssertUnreadable(folder.Write("empty", []), "it is empty");
        AssertUnreadable(folder.Write("text", "These are no weights."u8), "not a safetensors file");
        AssertUnreadable(folder.Write("zip", "PK\u0003\u0004 and more"u8), "zip");
        AssertUnreadable(folder.Write("pickle", [0x80, 2, 0x8a, 10, 0, 0, 0, 0, 0, 0]), "its pickle ends in the middle");
        AssertUnreadable(folder.Write("huge", [255, 255, 255, 255, 255, 255, 255, 255, 123]), "is the limit");
        AssertUnreadable(folder.Write("short", [100, 0, 0, 0, 0, 0, 0, 0, 123]), "its header takes 100 bytes, but only 1 are there");
        AssertUnreadable(folder.File("missing"), "there is no such file");
        AssertUnreadable(Path.Combine(folder.File("text"), "below"), "");
        AssertUnreadable(folder.Path, "");
    }

    [Fact]
    public void A_header_whose_length_looks_like_a_pickle_is_still_read()
    {
        using var folder = new TemporaryFolder();
        using var file = TensorFile.Open(folder.Write("pickled", FileOf("{}".PadRight(0x0280), [])));

        Assert.Empty(file.Entries);
    }

    [Fact]
    public void Damage_anywhere_in_the_header_is_refused_or_harmless()
    {
        using var folder = new TemporaryFolder();
        using var one = ones(3, 2);
        TensorFile.Write(folder.File("whole"), [("one", one), ("two", one)], new Dictionary<string, string> { ["format"] = "pt" });
        var whole = File.ReadAllBytes(folder.File("whole"));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((at, value, length) =>
        {
            var damaged = whole.ToArray();
            damaged[at] = value;
            var path = folder.Write("damaged", damaged.AsSpan(0, value % 4 == 0 ? length : whole.Length));
            try
            {
                using var scope = NewDisposeScope();
                using var file = TensorFile.Open(path);
                foreach (var entry in file.Entries)
                {
                    Assert.Equal(entry.Shape, file.Read(entry.Name).shape);
                }
            }
            catch (WeightsException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }, iter: 1000, threads: 1);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_open_is_named()
    {
        using var folder = new TemporaryFolder();
        using var one = ones(1000);
        var path = folder.File("shrinking");
        TensorFile.Write(path, [("one", one)]);
        using var file = TensorFile.Open(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);

        var error = Assert.Throws<WeightsException>(() => file.Read("one"));

        Assert.Contains($"{path}: 'one' can't be read: the file has become shorter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var one = ones(3);
        using var complex = zeros(3, ScalarType.ComplexFloat32);
        var path = folder.File("weights");
        TensorFile.Write(path, [("one", one)]);
        var before = File.ReadAllBytes(path);

        Assert.Throws<ArgumentException>("tensors", () => TensorFile.Write(path, [("one", complex)]));
        Assert.Throws<ArgumentException>("tensors", () => TensorFile.Write(path, [("one", one), ("one", one)]));
        Assert.Throws<ArgumentException>("tensors", () => TensorFile.Write(path, [("__metadata__", one)]));
        Assert.ThrowsAny<SystemException>(() => TensorFile.Write(folder.Path, [("one", one)]));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(folder.Path)!, Path.GetFileName(folder.Path) + ".*.tmp"));
    }

    private static byte[] FileOf(string header, ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length);
        return [.. prefix, .. text, .. data];
    }

    private static Tensor Filled(ScalarType type, int[] shape, byte first)
    {
        var tensor = empty([.. shape.Select(size => (long)size)], type);
        if (tensor.numel() > 0)
        {
            var bytes = tensor.bytes;
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = type == ScalarType.Bool ? (byte)((first + i) % 2) : (byte)(first + (31 * i));
            }
        }

        return tensor;
    }

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static void AssertUnreadable(string path, string problem)
    {
        var error = Assert.Throws<WeightsException>(() => TensorFile.Open(path));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
