using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

public sealed class DicomSeriesTests : IDisposable
{
    private static readonly (double, double, double) Corner = (-100, -90, 30), TowardsHead = (0, 0, 2.5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1\\0\\0\\0\\1\\0", false, false, false)]
    [InlineData("-1\\0\\0\\0\\1\\0", false, true, false)]
    [InlineData("1\\0\\0\\0\\-1\\0", false, false, true)]
    [InlineData("-1\\0\\0\\0\\-1\\0", false, true, true)]
    [InlineData("0\\1\\0\\1\\0\\0", true, false, false)]
    [InlineData("0\\1\\0\\-1\\0\\0", true, true, false)]
    [InlineData("0\\-1\\0\\1\\0\\0", true, false, true)]
    [InlineData("0\\-1\\0\\-1\\0\\0", true, true, true)]
    public void However_rows_and_columns_are_stored_slices_go_to_the_left_the_back_and_the_head(string orientation, bool isTransposed, bool isAgainstX, bool isAgainstY)
    {
        Phantom[] stored = [.. new Phantom { Orientation = orientation }.Stack(4, Corner, TowardsHead)];
        var series = Series(stored);
        var (width, height) = isTransposed ? (47, 61) : (61, 47);
        var (right, down) = isTransposed ? (0.5, 0.75) : (0.75, 0.5);
        var geometry = series.Geometry!;
        Assert.Equal((width, height, 4), (geometry.Width, geometry.Height, geometry.Slices));
        Assert.Equal(((right, 0d, 0d), (0d, down, 0d), (0d, 0d, 2.5)), (geometry.Across, geometry.Down, geometry.Up));
        Assert.Equal((-100 - (isAgainstX ? right * (width - 1) : 0), -90 - (isAgainstY ? down * (height - 1) : 0), 30), geometry.Origin);
        for (var number = 0; number < series.Count; number++)
        {
            var (slice, values) = (series.Read(number), stored[number].Hounsfield());
            Assert.Equal(30 + (2.5 * number), series.LocationOf(number));
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y) = (isAgainstX ? width - 1 - (i % width) : i % width, isAgainstY ? height - 1 - (i / width) : i / width);
                Assert.Equal((float)values[isTransposed ? (x * 61) + y : (y * 61) + x], slice.Hounsfield[i]);
            }
        }
    }

    [Fact]
    public void A_tilted_gantry_is_in_the_way_up()
    {
        var series = Series(new Phantom { Orientation = "1\\0\\0\\0\\0.9659258\\-0.2588190" }.Stack(3, Corner, TowardsHead));
        Assert.Equal((0, 0, 2.5), series.Geometry!.Up);
        Assert.Equal(30 + 2.5 - (23 * 0.5 * 0.2588190), series.LocationOf(1)!.Value, 6);
    }

    [Fact]
    public void Where_slices_make_no_even_stack_there_is_no_geometry_and_all_are_read()
    {
        Phantom[] even = [.. new Phantom().Stack(5, Corner, TowardsHead)];
        (string?, IEnumerable<Phantom>)[] stacks =
        [
            ("1 slice is missing", even.Where((_, i) => i != 2)),
            ("1 slice is where another one lies", [.. even, even[2] with { Number = 9 }]),
            ("not evenly spaced", [.. even[..4], even[4] with { Position = "-100\\-90\\41" }]),
            ("several sizes", [.. even[..4], even[4] with { Width = 60 }]),
            ("several sizes", [.. even[..4], even[4] with { Spacing = "0.5\\0.76" }]),
            ("not parallel", [.. even[..4], even[4] with { Orientation = "1\\0\\0\\0\\0.9659258\\-0.2588190" }]),
            ("1 slice is without position", [.. even[..4], even[4] with { Position = "" }]),
            (null, even.Select(slice => slice with { Spacing = null })),
            (null, even.Take(1)),
        ];
        foreach (var (words, slices) in stacks)
        {
            var series = Series(slices);
            Assert.Null(series.Geometry);
            Assert.All(Enumerable.Range(0, series.Count), slice => series.Read(slice));
            Assert.True(words is null ? series.Findings.Count == 0 : series.Findings.Any(sentence => sentence.Contains(words, StringComparison.Ordinal)));
        }

        Assert.NotNull(Series(even).Geometry);
        Assert.Equal((0, 0, 3), Series([even[0] with { Thickness = "3" }]).Geometry!.Up);
    }

    [Fact]
    public void Slices_that_are_not_axial_are_listed_and_not_read()
    {
        var series = Series(new Phantom { Orientation = "1\\0\\0\\0\\0\\-1" }.Stack(3, Corner, (0, 3, 0)));
        Assert.False(series.IsAxial);
        Assert.Null(series.Geometry);
        Assert.Equal("Slices are not axial, and can't be read as a volume.", series.Findings[0]);
        Samples.AssertSentence(Assert.Throws<ImageRejectedException>(() => series.Read(0)).Message);
    }

    [Fact]
    public void Padding_is_no_number_and_the_name_tells_no_patient()
    {
        var series = Series(new Phantom { Padding = 0 }.Stack(2, Corner, TowardsHead));
        Assert.Equal(new Phantom { Seed = 2 }.Values().Select(value => value == 0), series.Read(1).Hounsfield.Select(float.IsNaN));
        Assert.Matches("^series-[0-9a-f]{12}$", series.Name);
        Assert.Equal(series.Name, Series(new Phantom().Stack(3, Corner, TowardsHead)).Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => series.Read(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => series.LocationOf(-1));
    }

    [Fact]
    public void Frames_of_one_file_are_slices_from_many_threads_too()
    {
        var phantom = new Phantom { Frames = 7, IsEnhanced = true };
        var series = Series([phantom]);
        Assert.Equal((0, 0, 5), series.Geometry!.Up);
        Parallel.For(0, 7, frame => Assert.Equal(
            phantom.Values(frame).Select(value => (float)(value - 1000 - frame)), series.Read(frame).Hounsfield));
    }

    [Fact]
    public void A_folder_is_read_without_the_pixels_of_its_files()
    {
        const long most = 8 * (100 << 10);
        Phantom[] slices = [.. new Phantom { Width = 512, Height = 512 }.Stack(8, Corner, TowardsHead)];
        foreach (var slice in slices)
        {
            _folder.Write($"{slice.Number}.dcm", slice.File());
        }

        var series = ChangedFiles.Within(most, () => Assert.Single(Read().Series));
        Assert.Equal(slices[5].Hounsfield().Select(value => (float)value), series.Read(5).Hounsfield);
    }

    [Fact]
    public void What_is_cut_off_in_its_pixels_or_has_a_long_head_is_told_as_before()
    {
        var file = new Phantom { Width = 256, Height = 256 }.File();
        _folder.Write("cut.dcm", file[..^10]);
        Assert.Contains("Pixel Data (7FE0,0010)", Assert.Single(Read().Rejected).Reason, StringComparison.Ordinal);
        File.Delete(_folder["cut.dcm"]);
        var series = Series([new Phantom { Frames = 300, IsEnhanced = true, Width = 32, Height = 32 }]);
        Assert.Equal(300, series.Count);
        Assert.Equal((32, 32), (series.Read(299).Width, series.Geometry!.Height));
    }

    [Fact]
    public void A_series_of_localizers_alone_is_no_volume()
    {
        _folder.Write("a.dcm", new Phantom { ImageType = "ORIGINAL\\PRIMARY\\LOCALIZER" }.File());
        var folder = Read();
        Assert.Empty(folder.Series);
        Samples.AssertSentence(Assert.Single(folder.Rejected).Reason);
    }

    private DicomSeries Series(IEnumerable<Phantom> slices)
    {
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.Delete(file);
        }

        foreach (var slice in slices)
        {
            _folder.Write($"{slice.Number}.dcm", slice.File());
        }

        return Assert.Single(Read().Series);
    }

    private DicomFolder Read() => DicomFolder.Read(_folder.Path, cancellationToken: TestContext.Current.CancellationToken);
}
