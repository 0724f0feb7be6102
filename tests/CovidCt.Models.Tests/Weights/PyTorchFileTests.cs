using System.Runtime.InteropServices;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

/// <summary>Files of PyTorch itself, of several versions, and those that would run something in Python.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readable => [.. WeightsFixtures.PyTorchFiles.Read.Select(file => file.File)];

    public static TheoryData<string> Refused => [.. WeightsFixtures.PyTorchFiles.Refused.Select(file => file.File)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readable))]
    public void Every_tensor_is_read_bit_for_bit(string name)
    {
        var expected = WeightsFixtures.PyTorchFiles.Read.Single(file => file.File == name);
        using var scope = NewDisposeScope();

        using var file = TensorFile.Open(Written(name));

        Assert.Equal(Enum.Parse<TensorFormat>(expected.Format), file.Format);
        Assert.Equal(
            expected.Entries.Select(entry => $"{entry.Name} {entry.Dtype} as {TypeOf(entry.ReadAs)} [{string.Join(", ", entry.Shape)}]"),
            file.Entries.Select(entry => $"{entry.Name} {entry.StoredAs} as {entry.Type} [{string.Join(", ", entry.Shape)}]"));
        foreach (var entry in expected.Entries)
        {
            var tensor = file.Read(entry.Name);
            Assert.Equal(TypeOf(entry.ReadAs), tensor.dtype);
            Assert.Equal(entry.Shape, tensor.shape);
            Assert.True(SameBits(entry, tensor), $"{entry.Name} has other bits than PyTorch wrote.");
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_state_dict_has_no_need_of_is_refused_by_name_and_never_run(string name)
    {
        var refused = WeightsFixtures.PyTorchFiles.Refused.Single(file => file.File == name);
        var path = Written(name);
        var marker = Path.GetFullPath(WeightsFixtures.PyTorchFiles.Marker);
        Assert.False(File.Exists(marker), $"{marker} was there before.");

        var error = Assert.Throws<WeightsException>(() => ReadAll(path));

        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(refused.Names, error.Message[path.Length..], StringComparison.Ordinal);
        Assert.False(File.Exists(marker), $"{name} has run a command.");
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void A_file_cut_off_anywhere_is_refused(string name)
    {
        var whole = WeightsFixtures.Bytes(name);

        foreach (var length in Enumerable.Range(0, 24).Select(i => whole.Length * i / 24).Append(whole.Length - 1).Distinct())
        {
            var path = _folder.Write("cut.pth", whole.AsSpan(0, length));
            Assert.StartsWith($"{path}: ", Assert.Throws<WeightsException>(() => ReadAll(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_formats_of_a_file_hold_the_same()
    {
        var read = WeightsFixtures.PyTorchFiles.Read;

        foreach (var zip in read.Where(file => file.File.EndsWith("-zip.pth", StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            if (read.SingleOrDefault(file => file.File == zip.File.Replace("-zip", "-legacy", StringComparison.Ordinal) && file.Holds == zip.Holds) is { } legacy)
            {
                using var one = TensorFile.Open(Written(zip.File));
                using var other = TensorFile.Open(Written(legacy.File));
                Assert.Equal(one.Entries.Select(entry => entry.Name), other.Entries.Select(entry => entry.Name));
                Assert.All(one.Entries, entry => Assert.Equal(BytesOf(one.Read(entry.Name)), BytesOf(other.Read(entry.Name))));
            }
        }
    }

    private string Written(string name) => _folder.Write(name, WeightsFixtures.Bytes(name));

    private static void ReadAll(string path)
    {
        using var scope = NewDisposeScope();
        using var file = TensorFile.Open(path);
        foreach (var entry in file.Entries)
        {
            file.Read(entry.Name);
        }
    }

    private static ScalarType TypeOf(string name) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new ArgumentException($"No tensor is read as {name}.", nameof(name)),
    };

    private static byte[] BytesOf(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.contiguous().bytes.ToArray();

    /// <summary>Bit for bit; where a number was widened, any NaN is as good as another.</summary>
    private static bool SameBits(ExpectedEntry expected, Tensor tensor)
    {
        var bytes = BytesOf(tensor);
        return expected.Dtype == expected.ReadAs || expected.ReadAs != "F32"
            ? bytes.AsSpan().SequenceEqual(expected.Bytes)
            : MemoryMarshal.Cast<byte, float>(expected.Bytes).ToArray().Zip(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).All(pair =>
                float.IsNaN(pair.First) ? float.IsNaN(pair.Second) : BitConverter.SingleToInt32Bits(pair.First) == BitConverter.SingleToInt32Bits(pair.Second))
                && bytes.Length == expected.Bytes.Length;
    }
}
