// SPDX-License-Identifier: Apache-2.0
// The error codes of SMPP 3.4, 5.1.3, by name, for logs and traces. Carriers have codes of their own (0x400
// and up), which are shown as numbers.
#include "smpp/command.hpp"

#include <fmt/format.h>

namespace tidings::smpp {

namespace {

struct StatusName {
    std::uint32_t status;
    std::string_view name;
};

constexpr StatusName names[] = {
    {status::ok, "ESME_ROK"},
    {status::invalid_message_length, "ESME_RINVMSGLEN"},
    {status::invalid_command_length, "ESME_RINVCMDLEN"},
    {status::invalid_command_id, "ESME_RINVCMDID"},
    {status::invalid_bind_state, "ESME_RINVBNDSTS"},
    {status::already_bound, "ESME_RALYBND"},
    {status::invalid_priority, "ESME_RINVPRTFLG"},
    {status::invalid_registered_delivery, "ESME_RINVREGDLVFLG"},
    {status::system_error, "ESME_RSYSERR"},
    {status::invalid_source, "ESME_RINVSRCADR"},
    {status::invalid_destination, "ESME_RINVDSTADR"},
    {status::invalid_message_id, "ESME_RINVMSGID"},
    {status::bind_failed, "ESME_RBINDFAIL"},
    {status::invalid_password, "ESME_RINVPASWD"},
    {status::invalid_system_id, "ESME_RINVSYSID"},
    {status::cancel_failed, "ESME_RCANCELFAIL"},
    {status::replace_failed, "ESME_RREPLACEFAIL"},
    {status::queue_full, "ESME_RMSGQFUL"},
    {status::invalid_service_type, "ESME_RINVSERTYP"},
    {status::invalid_destination_count, "ESME_RINVNUMDESTS"},
    {status::invalid_list_name, "ESME_RINVDLNAME"},
    {status::invalid_destination_flag, "ESME_RINVDESTFLAG"},
    {status::invalid_submit_with_replace, "ESME_RINVSUBREP"},
    {status::invalid_esm_class, "ESME_RINVESMCLASS"},
    {status::list_submit_failed, "ESME_RCNTSUBDL"},
    {status::submit_failed, "ESME_RSUBMITFAIL"},
    {status::invalid_source_ton, "ESME_RINVSRCTON"},
    {status::invalid_source_npi, "ESME_RINVSRCNPI"},
    {status::invalid_destination_ton, "ESME_RINVDSTTON"},
    {status::invalid_destination_npi, "ESME_RINVDSTNPI"},
    {status::invalid_system_type, "ESME_RINVSYSTYP"},
    {status::invalid_replace_flag, "ESME_RINVREPFLAG"},
    {status::invalid_message_count, "ESME_RINVNUMMSGS"},
    {status::throttled, "ESME_RTHROTTLED"},
    {status::invalid_schedule, "ESME_RINVSCHED"},
    {status::invalid_expiry, "ESME_RINVEXPIRY"},
    {status::invalid_default_message, "ESME_RINVDFTMSGID"},
    {status::temporary_failure, "ESME_RX_T_APPN"},
    {status::permanent_failure, "ESME_RX_P_APPN"},
    {status::rejected, "ESME_RX_R_APPN"},
    {status::query_failed, "ESME_RQUERYFAIL"},
    {status::invalid_optional_part, "ESME_RINVOPTPARSTREAM"},
    {status::parameter_not_allowed, "ESME_ROPTPARNOTALLWD"},
    {status::invalid_parameter_length, "ESME_RINVPARLEN"},
    {status::parameter_missing, "ESME_RMISSINGOPTPARAM"},
    {status::invalid_parameter_value, "ESME_RINVOPTPARAMVAL"},
    {status::delivery_failure, "ESME_RDELIVERYFAILURE"},
    {status::unknown_error, "ESME_RUNKNOWNERR"},
    {status::service_type_unauthorised, "ESME_RSERTYPUNAUTH"},
    {status::prohibited, "ESME_RPROHIBITED"},
    {status::service_type_unavailable, "ESME_RSERTYPUNAVAIL"},
    {status::service_type_denied, "ESME_RSERTYPDENIED"},
    {status::invalid_data_coding, "ESME_RINVDCS"},
    {status::invalid_source_subunit, "ESME_RINVSRCADDRSUBUNIT"},
    {status::invalid_destination_subunit, "ESME_RINVDSTADDRSUBUNIT"},
    {status::invalid_broadcast_interval, "ESME_RINVBCASTFREQINT"},
    {status::invalid_broadcast_alias, "ESME_RINVBCASTALIAS_NAME"},
    {status::invalid_broadcast_area_format, "ESME_RINVBCASTAREAFMT"},
    {status::invalid_broadcast_area_count, "ESME_RINVNUMBCAST_AREAS"},
    {status::invalid_broadcast_content, "ESME_RINVBCASTCNTTYPE"},
    {status::invalid_broadcast_class, "ESME_RINVBCASTMSGCLASS"},
    {status::broadcast_failed, "ESME_RBCASTFAIL"},
    {status::broadcast_query_failed, "ESME_RBCASTQUERYFAIL"},
    {status::broadcast_cancel_failed, "ESME_RBCASTCANCELFAIL"},
    {status::invalid_broadcast_repetition, "ESME_RINVBCAST_REP"},
    {status::invalid_broadcast_group, "ESME_RINVBCASTSRVGRP"},
    {status::invalid_broadcast_channel, "ESME_RINVBCASTCHANIND"},
};

}  // namespace

std::string status_name(std::uint32_t status)
{
    for (const auto& known : names)
        if (known.status == status) return std::string(known.name);
    return fmt::format("0x{:08X}", status);
}

}  // namespace tidings::smpp
