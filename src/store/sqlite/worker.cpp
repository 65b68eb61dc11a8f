// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/worker.hpp"

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>

namespace tidings::store::sqlite {

namespace {

constexpr std::int64_t rows_per_commit =
    2'000;  // some 40 ms of work: what a small request may have to wait for

constexpr auto report_period =
    std::chrono::seconds(10);  // a full disk fails every request: one line is enough

// 8 KiB pages: a row of usual size fits four times into a leaf also when its text is long.
constexpr auto settings_of_a_connection = R"sql(
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -65536;
PRAGMA temp_store = MEMORY;
)sql";

template <class Handler, class Executor>
class WorkJob : public Job {
public:
    WorkJob(std::shared_ptr<Work> work, Handler handler, Executor executor)
        : work_(std::move(work)), handler_(std::move(handler)), executor_(std::move(executor))
    {
    }
    rules::Item* item() override { return work_->item(); }
    void run(Connection& database) override { work_->run(database); }
    void finish(std::exception_ptr error) override
    {
        work_->error = std::move(error);
        boost::asio::post(executor_, std::move(handler_));
    }

private:
    std::shared_ptr<Work> work_;  // shared with the coroutine that waits for it
    Handler handler_;
    Executor executor_;  // kept busy until the handler was posted
};

}  // namespace

boost::asio::awaitable<void> run_to_end(JobQueue& queue, std::shared_ptr<Work> work)
{
    queue.require_room();  // here, because an exception may not leave the initiation below
    auto initiate = [&queue, &work](auto handler) {
        namespace asio = boost::asio;
        // As long as the job is queued, the io_context of its caller must not run out of work, or the handler
        // would be posted to nobody.
        auto executor =
            asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        using Made = WorkJob<decltype(handler), decltype(executor)>;
        queue.push(std::make_unique<Made>(work, std::move(handler), std::move(executor)));
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        initiate, boost::asio::use_awaitable);
    if (work->error) std::rethrow_exception(work->error);
}

void JobQueue::require_room()
{
    std::lock_guard lock(mutex_);
    if (jobs_.size() >= jobs_max) throw Unavailable("the store has more to do than it can: try again later");
}

void JobQueue::push(std::unique_ptr<Job> job)
{
    {
        std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    filled_.notify_one();
}

std::unique_ptr<Job> JobQueue::take()
{
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !jobs_.empty() || closed_; });
    if (jobs_.empty()) return nullptr;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
}

std::unique_ptr<Job> JobQueue::try_take()
{
    std::lock_guard lock(mutex_);
    if (jobs_.empty()) return nullptr;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
}

void JobQueue::close()
{
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    filled_.notify_all();
}

Writer::Writer(std::filesystem::path file, base::Clock& clock, Hooks hooks)
    : files_(std::move(file)), clock_(clock), hooks_(std::move(hooks))
{
    open();
}

void Writer::open()
{
    database_.emplace(files_.database(), Connection::Mode::write);
    database_->execute(settings_of_a_connection);
}

void Writer::start()
{
    // The files are remembered once all that SQLite makes is there, the log and its index included.
    checkpointer_.emplace(files_.database());
    files_.remember();
    thread_ = std::thread([this] {
        base::name_this_thread("store writer");
        work();
    });
}

Writer::~Writer()
{
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void Writer::work()
{
    while (auto job = queue_.take()) commit_with(std::move(job));
    if (database_ && healthy_) write_last();
}

// Notes once more what the clocks show (LastSeen), so that the next process knows until when this one ran.
void Writer::write_last()
{
    try {
        database_->execute("BEGIN IMMEDIATE");
        hooks_.probe(*database_);
        database_->execute("COMMIT");
    } catch (const SqliteError& error) {
        base::log_warning("store: the end could not be noted: {}", error.what());
    }
}

void Writer::commit_with(std::unique_ptr<Job> first)
{
    std::vector<std::unique_ptr<Job>> jobs;
    std::exception_ptr error;
    try {
        if (!database_) {
            // Whatever was put in the place of our files since the last commit must not be taken for them.
            files_.verify();  // a file that is missing would be made anew
            open();
            hooks_.reopened(*database_);
        }
        database_->run("BEGIN IMMEDIATE");  // prepared once, which parsing it each time is not
        auto rows_before = database_->rows_changed();
        // Whatever has gathered goes into this commit, up to a size that a small request can wait for. Items
        // that are not carried out yet count as the rows that they will change.
        for (auto job = std::move(first); job; job = next_job()) {
            jobs.push_back(std::move(job));
            run(*jobs.back());
            auto rows = database_->rows_changed() - rows_before + static_cast<std::int64_t>(batch_weight_);
            if (rows >= rows_per_commit) break;
        }
        carry_out_batch();
        finish_commit(rows_before);
    } catch (const SqliteError& failure) {
        // The job with which the commit began has not moved to the others if the transaction could not even
        // begin.
        if (first) jobs.push_back(std::move(first));
        error = fail(failure);
    }
    // All at once, after the sync and the look at the files: a 202, a deliver_sm_resp or a 2xx that is
    // recorded follows from here.
    for (auto& job : jobs) job->finish(error);
    if (!error) checkpointer_->committed(*database_);
}

// What comes while a batch is carried out belongs to the same commit, as what comes while another job runs.
std::unique_ptr<Job> Writer::next_job()
{
    auto job = queue_.try_take();
    if (job || batch_.empty()) return job;
    carry_out_batch();
    return queue_.try_take();
}

void Writer::run(Job& job)
{
    rules::Item* item = job.item();
    // A job that is no item changes the tables by itself, so that the items before it have to be written
    // first: all happens in the order in which it was asked for.
    if (!item) {
        carry_out_batch();
        return job.run(*database_);
    }
    batch_.push_back(item);
    batch_weight_ += item->weight();
    if (batch_weight_ >= rules::batch_weight_max) carry_out_batch();
}

void Writer::carry_out_batch()
{
    if (!batch_.empty()) hooks_.carry_out(*database_, batch_);
    batch_.clear();
    batch_weight_ = 0;
}

void Writer::finish_commit(std::int64_t rows_before)
{
    // In the transaction, after all jobs: what leaves memory is written to its index by the commit that it
    // leaves with.
    hooks_.before_commit(*database_);
    if (!healthy_)
        hooks_.probe(*database_);
    else if (database_->rows_changed() > rows_before)
        hooks_.changed(*database_);
    // COMMIT syncs the log (synchronous = FULL). Only when the files are still ours is anything told to
    // anybody.
    database_->run("COMMIT");
    verify_files();
    hooks_.committed();
    if (healthy_.exchange(true)) return;
    reported_at_.reset();
    base::log_info("store: {} can be written again", files_.database().string());
}

void Writer::verify_files() const
{
    // SQLite is asked first, so that what it noticed is said by files_, which knows names.
    bool has_moved = database_->has_moved();
    files_.verify();
    if (has_moved)
        throw SqliteError(SQLITE_READONLY_DBMOVED,
                          fmt::format("{} is not the file that was opened", files_.database().string()));
}

std::exception_ptr Writer::fail(const SqliteError& error)
{
    // Before anything is answered: a client without an answer asks again, one that got a false 202 does not.
    if (error.is_fatal()) give_up(error);
    report(error);
    // From now on each commit has to write something (finish_commit), so that an empty one does not look like
    // the disk being back.
    healthy_ = false;
    batch_.clear();
    batch_weight_ = 0;
    hooks_.rolled_back();
    database_.reset();  // rolls back; what SQLite holds in memory after an I/O error is not to be trusted
    return std::make_exception_ptr(Unavailable(std::string("the store cannot write: ") + error.what()));
}

void Writer::report(const SqliteError& error)
{
    if (reported_at_ && clock_.steady() - *reported_at_ < report_period) return;
    reported_at_ = clock_.steady();
    base::log_error("store: cannot write {}: {} (SQLite {}); trying again until it can",
                    files_.database().string(), error.what(), error.code);
}

void Writer::give_up(const SqliteError& error)
{
    base::log_error("store: {} (SQLite {}): stopping, for nobody can say any more what is on disk",
                    error.what(), error.code);
    // A log that was deleted is ours as long as we have it open: what it holds goes into the database. Had it
    // been replaced, the next start would put that log's older pages over it.
    try {
        bool is_log_ours = error.code == SQLITE_READONLY_DBMOVED && files_.is_only_log_missing();
        if (database_ && is_log_ours && database_->checkpoint_all())
            base::log_error("store: what the deleted log held was carried over into the database");
    } catch (const SqliteError& failure) {
        base::log_error("store: what the deleted log held could not be carried over: {}", failure.what());
    }
    std::abort();
}

Readers::Readers(const std::filesystem::path& file, std::size_t threads)
{
    for (std::size_t i = 0; i < threads; ++i) {
        Connection& database = databases_.emplace_back(file, Connection::Mode::read);
        // Opens the file and its log for good: closing the writer's connection after an error must not end
        // them.
        database.query("SELECT count(*) FROM sqlite_schema").next();
        threads_.emplace_back([this, &database] { work(database); });
    }
}

Readers::~Readers()
{
    queue_.close();
    for (auto& thread : threads_) thread.join();
}

void Readers::work(Connection& database)
{
    while (auto job = queue_.take()) {
        std::exception_ptr error;
        try {
            job->run(database);
        } catch (const SqliteError& failure) {
            base::log_error("store: {} (SQLite {})", failure.what(), failure.code);
            if (failure.is_fatal()) std::abort();
            error =
                std::make_exception_ptr(Unavailable(std::string("the store cannot read: ") + failure.what()));
        }
        job->finish(error);
    }
}

}  // namespace tidings::store::sqlite
